import { isJsonObject, type Json } from '../../sdk/wire/json.ts';
import type { CelerySetting } from './celery-settings.ts';

/** Writes settings for a program (`data`) and as Python code to paste. */
export function writeSettings(
  app: string,
  settings: readonly CelerySetting[],
  { django }: { django: boolean },
): { data: Readonly<Record<string, Json>>; text: string } {
  const named = settings.map((setting) => ({
    ...setting,
    name: django ? `CELERY_${setting.name.toUpperCase()}` : setting.name,
  }));
  const lines = named.map(({ name, value, comment }) => {
    const assignment = `${name} = ${pythonLiteral(value)}`;
    return comment === undefined ? assignment : `# ${comment}\n${assignment}`;
  });
  return {
    data: Object.fromEntries(named.map(({ name, value }) => [name, value])),
    text: [...header(app, django), ...lines].join('\n'),
  };
}

function header(app: string, django: boolean): readonly string[] {
  const [module, load] = django
    ? ['settings.py', "app.config_from_object('django.conf:settings', namespace='CELERY')"]
    : ['celeryconfig.py', "app.config_from_object('celeryconfig')"];
  return [
    `# Celery 5.6 and the Tallo app '${app}': these lines belong into ${module}, which`,
    `# ${load} reads. Needs: pip install "celery[sqs,dynamodb]"`,
  ];
}

/** Writes a value as Python does; a text of JSON is one of Python too. Objects that hold objects get several lines. */
export function pythonLiteral(value: Json, indent = ''): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `[${value.map((item) => pythonLiteral(item, indent)).join(', ')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const inner = `${indent}    `;
  const entries = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)}: ${pythonLiteral(item, inner)}`,
  );
  if (!Object.values(value).some(isJsonObject)) return `{${entries.join(', ')}}`;
  return `{\n${entries.map((entry) => `${inner}${entry},\n`).join('')}${indent}}`;
}
