import { AwsError } from '../json-protocol.ts';

export function invalid(message: string): AwsError {
  return new AwsError(400, 'ValidationException', message);
}

export function conflict(message: string): AwsError {
  return new AwsError(409, 'ConflictException', message);
}

export function scheduleNotFound(name: string): AwsError {
  return new AwsError(404, 'ResourceNotFoundException', `Schedule ${name} does not exist.`);
}

export function groupNotFound(name: string): AwsError {
  return new AwsError(404, 'ResourceNotFoundException', `Schedule group ${name} does not exist.`);
}
