/**
 * What an object says, read once, in an object of its own: its properties, and those that it inherits, getters among them, so that a
 * class may have them too. An inherited method says nothing by itself: it can be read by its name, but is not enumerated.
 *
 * @returns `undefined` for what is not meant to have properties: an array, a Map, a Date, a promise that was not awaited.
 */
export function propertiesOf<T extends object>(value: T): T | undefined {
  if (Object.prototype.toString.call(value) !== "[object Object]") {
    return undefined;
  }
  const given: T = Object.create(null);
  for (let holder: object | null = value; holder && !isRoot(holder); holder = Object.getPrototypeOf(holder)) {
    const isOwn = holder === value;
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(holder))) {
      const isMethod = !isOwn && typeof property.value === "function";
      if (!Object.hasOwn(given, name) && !(isMethod && name === "constructor")) {
        Object.defineProperty(given, name, { value: value[name as keyof T], enumerable: !isMethod });
      }
    }
  }
  return given;
}

/** Whether it is what all objects inherit from, also those of another realm. */
function isRoot(holder: object): boolean {
  return Object.getPrototypeOf(holder) === null && Object.hasOwn(holder, "isPrototypeOf");
}
