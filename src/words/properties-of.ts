/**
 * The properties of an object, read once into a new object, including inherited ones and getters, so that options can also be instances
 * of a class. An inherited method does not count: it can be read by its name, but is not enumerated.
 *
 * @returns `undefined` for values that are not meant to have properties: an array, a Map, a Date, or a promise that was not awaited.
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

/** Whether it is the prototype of all objects, including that of another realm. */
function isRoot(holder: object): boolean {
  return Object.getPrototypeOf(holder) === null && Object.hasOwn(holder, "isPrototypeOf");
}
