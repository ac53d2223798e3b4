import type { Tallo } from '../../sdk/index.ts';
import type { Json } from '../../sdk/wire/json.ts';
import type { Place } from './place.ts';
import { taskRoutes } from './task-routes.ts';

/** One setting of Celery, and what its reader must know beside it. */
export interface CelerySetting {
  readonly name: string;
  readonly value: Json;
  readonly comment?: string;
}

/**
 * The settings with which an unmodified Celery 5.6 puts messages into the app's queues and reads results from its table.
 *
 * @see https://docs.celeryq.dev/en/stable/userguide/configuration.html
 */
export function celerySettings(app: Tallo, place: Place): readonly CelerySetting[] {
  return [
    ...brokerSettings(app, place),
    ...routeSettings(app),
    ...resultSettings(app, place),
    { name: 'task_serializer', value: 'json' },
    { name: 'result_serializer', value: 'json' },
    { name: 'accept_content', value: ['json'] },
    { name: 'task_ignore_result', value: false },
  ];
}

function brokerSettings(app: Tallo, place: Place): readonly CelerySetting[] {
  const { queues } = app.topology();
  const { region, sqs } = place;
  const endpoint = sqs.endpoint === undefined ? undefined : new URL(sqs.endpoint);
  const known = queues.flatMap((queue) =>
    queue.lanes.map(
      ({ name, queueName }) =>
        [
          name === 'normal' ? queue.name : `${queue.name}-${name}`,
          { url: `${place.queuesUrl}${queueName}` },
        ] as const,
    ),
  );
  return [
    {
      name: 'broker_url',
      value: `sqs://${endpoint ? `${sqs.login && `${sqs.login}@`}${endpoint.host}` : ''}`,
    },
    {
      name: 'broker_transport_options',
      value: {
        region,
        ...(endpoint && { is_secure: endpoint.protocol === 'https:' }),
        predefined_queues: Object.fromEntries(known),
      },
      comment:
        'The queues of the app, by the names that it gives them. Celery neither lists nor creates any.',
    },
    { name: 'task_default_queue', value: app.settings.defaultQueue, comment: workerAdvice(app) },
  ];
}

/** A worker without `-Q` takes the default queue: it would drop every task that it does not know. */
function workerAdvice(app: Tallo): string {
  const foreign = app.topology().queues.filter(({ runOn }) => runOn === 'celery');
  const names = foreign.map(({ name }) => name).join(',');
  const advice = names === '' ? 'Start none in Python.' : `Start one in Python with -Q ${names} only.`;
  return `A worker takes what is in its queues, whoever it is meant for. ${advice}`;
}

function routeSettings(app: Tallo): readonly CelerySetting[] {
  const { routes, functions } = taskRoutes(app);
  if (Object.keys(routes).length === 0 && functions === 0) return [];
  const comment = `The app also routes by ${functions === 1 ? 'a function' : `${functions} functions`}, which cannot be printed: write a router of your own for those calls.`;
  return [{ name: 'task_routes', value: routes, ...(functions > 0 && { comment }) }];
}

function resultSettings({ settings }: Tallo, place: Place): readonly CelerySetting[] {
  const { endpoint, login } = place.dynamoDb;
  const seconds = Math.ceil(settings.resultExpiresMs / 1_000);
  return [
    {
      name: 'result_backend',
      value: `dynamodb://${login}@${place.region}/${settings.topology.tableName}?ttl_seconds=${seconds}`,
      comment: 'Needs dynamodb:DescribeTable and dynamodb:DescribeTimeToLive, beside GetItem and PutItem.',
    },
    ...(endpoint === undefined ? [] : [{ name: 'dynamodb_endpoint_url', value: endpoint }]),
  ];
}
