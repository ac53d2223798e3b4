import { CfnResource, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** What the template will say of a resource, after all that was changed by hand. */
export type Properties = Readonly<Record<string, unknown>>;

/** Every resource of that type at or below a construct. */
export function renderedIn(scope: IConstruct, type: string): readonly Properties[] {
  const resources = scope.node.findAll().filter(CfnResource.isCfnResource);
  return resources.filter(({ cfnResourceType }) => cfnResourceType === type).map(render);
}

/** The resource that a construct of the CDK stands for; undefined if it lies in another stack, or was there before. */
export function renderedBy(construct: IConstruct): Properties | undefined {
  const resource = construct.node.defaultChild;
  return resource && CfnResource.isCfnResource(resource) ? render(resource) : undefined;
}

/** Only this knows of `addPropertyOverride`: the resource's own fields do not. */
function render(resource: CfnResource): Properties {
  const { Resources = {} } = Stack.of(resource).resolve(resource._toCloudFormation());
  const [rendered] = Object.values(Resources) as { readonly Properties?: Properties }[];
  return rendered?.Properties ?? {};
}

/** What AWS takes where a template says nothing, and what was planned, for what only CloudFormation will know. */
export interface Otherwise {
  readonly unset: number;
  readonly unknown: number;
}

/** A number in a template. */
export function numberIn(value: unknown, { unset, unknown }: Otherwise): number {
  if (value === undefined) return unset;
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && !Number.isNaN(number) ? number : unknown;
}

/** The same where nothing said means that there is none. */
export function numberOrNull(value: unknown, unknown: number | null): number | null {
  if (value === undefined) return null;
  const number = numberIn(value, { unset: 0, unknown: Number.NaN });
  return Number.isNaN(number) ? unknown : number;
}

/** An object within the properties; empty if there is none. */
export function objectIn(value: unknown): Properties {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
