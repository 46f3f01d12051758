import * as v from "valibot";

// The kinds of values on the wire.

export const hresult = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffffffff));
export const text = v.optional(v.string());
export const number = v.optional(v.number());
export const flag = v.optional(v.boolean());
export const decimal = v.pipe(v.string(), v.regex(/^\d{1,20}$/));

/**
 * An object with values of one kind and, if `names` is specified, with no other names. The records of valibot don't check names that every
 * object inherits, such as `constructor`.
 */
export function named<Value extends v.GenericSchema, Name extends string = string>(
  value: Value,
  names?: Readonly<Record<Name, unknown>>,
) {
  return v.custom<
    string extends Name ? Record<string, v.InferOutput<Value>> : { readonly [_ in Name]?: v.InferOutput<Value> }
  >(
    (object) =>
      v.is(v.record(v.string(), value), object) &&
      Object.entries(object).every(([name, one]) => (!names || Object.hasOwn(names, name)) && v.is(value, one)),
  );
}
