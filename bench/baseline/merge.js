// The context merge of the wire contract: objects merge, everything else replaces.

const forbidden = new Set(['__proto__', 'constructor', 'prototype']);

export class InvalidPayload extends Error {}

export function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// merge changes target in place, which the caller has just read from the database.
export function merge(target, patch) {
  for (const key of Object.keys(patch)) {
    if (forbidden.has(key)) throw new InvalidPayload(`key ${key} is not allowed`);
    const value = patch[key];
    if (!isObject(value)) target[key] = value;
    else target[key] = merge(isObject(target[key]) ? target[key] : {}, value);
  }
  return target;
}

// checkContext refuses a patch whose well-known keys have the wrong type.
export function checkContext(patch) {
  if (!isObject(patch)) throw new InvalidPayload('context must be an object');
  for (const key of ['user', 'global', 'channels']) {
    if (key in patch && !isObject(patch[key])) throw new InvalidPayload(`${key} must be an object`);
  }
  if ('tags' in patch && !Array.isArray(patch.tags)) throw new InvalidPayload('tags must be an array');
}
