export function usesDocker(): boolean;
