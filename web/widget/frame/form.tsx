import { useState } from "react";
import type { Scene } from "./app.tsx";
import { en, type Words } from "./words.ts";

/** Fields that belong to the person (moveo d); every other one is a custom field. */
const ofUser = ["display_name", "email", "phone", "address", "language", "timezone", "gender"];
const kinds: Record<string, { type: string; autoComplete: string }> = {
  display_name: { type: "text", autoComplete: "name" },
  email: { type: "email", autoComplete: "email" },
  phone: { type: "tel", autoComplete: "tel" },
  address: { type: "text", autoComplete: "street-address" },
};

/** The visitor form of moveo a.13: required_fields and optional_fields. */
export function Form({ chat, config, words }: Scene) {
  const [values, setValues] = useState<Record<string, string>>({});
  const [faults, setFaults] = useState<Record<string, string>>({});
  const fields = [...config.required_fields, ...config.optional_fields.filter((f) => !config.required_fields.includes(f))];
  const submit = (form: HTMLFormElement) => {
    const found: Record<string, string> = {};
    for (const field of fields) {
      const value = (values[field] ?? "").trim();
      if (!value && config.required_fields.includes(field)) found[field] = words("missing");
      else if (value && canonical(field) === "email" && !/^\S+@\S+\.\S+$/.test(value)) found[field] = words("email");
    }
    setFaults(found);
    const first = fields.find((f) => found[f]);
    if (first) form.querySelector<HTMLElement>(`[name="${CSS.escape(first)}"]`)?.focus();
    else chat.submitForm(patchOf(fields, values));
  };
  return (
    <form
      className="before" noValidate
      onSubmit={(e) => {
        e.preventDefault();
        submit(e.currentTarget);
      }}
    >
      <h2>{words("formTitle")}</h2>
      {config.welcome_message ? <p>{config.welcome_message}</p> : null}
      {fields.map((field) => {
        const required = config.required_fields.includes(field);
        const kind = kinds[canonical(field)] ?? { type: "text", autoComplete: "on" };
        return (
          <label key={field} className="field">
            <span>{label(field, words)}{required ? <em> ({words("required")})</em> : null}</span>
            <input
              {...kind} name={field} value={values[field] ?? ""} required={required} aria-invalid={field in faults} maxLength={256}
              aria-describedby={faults[field] ? `fault-${field}` : undefined} onInput={(e) => setValues({ ...values, [field]: e.currentTarget.value })}
            />
            {faults[field] ? <span className="problem" id={`fault-${field}`} role="alert">{faults[field]}</span> : null}
          </label>
        );
      })}
      <button type="submit" className="primary">{words("begin")}</button>
    </form>
  );
}

function canonical(field: string): string {
  return field === "name" ? "display_name" : field.replace(/^user\./, "");
}

function label(field: string, words: Words): string {
  const key = `field_${canonical(field)}`;
  if (key in en) return words(key as keyof typeof en);
  const plain = canonical(field).replace(/[_-]+/g, " ");
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

function patchOf(fields: string[], values: Record<string, string>): Record<string, unknown> {
  const user: Record<string, string> = {};
  const custom: Record<string, string> = {};
  for (const field of fields) {
    const value = (values[field] ?? "").trim();
    const name = canonical(field);
    if (value) (ofUser.includes(name) ? user : custom)[name] = value;
  }
  return { user, ...(Object.keys(custom).length > 0 ? { custom_fields: custom } : {}) };
}
