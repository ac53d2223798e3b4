export function hasDocker(): boolean;
