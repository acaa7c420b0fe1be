import { useState, type ReactNode } from "react";
import { Button, Checkbox, CheckboxGroup, FieldError, Input, Label, ListBox, ListBoxItem, Popover, Select, SelectValue, Switch, Text, TextArea, TextField, type TextFieldProps } from "react-aria-components";
import { explain } from "../account/problem.ts";
import { useDesk } from "../live/desk.ts";
import { useWords, type Word } from "../words/words.tsx";

export interface Option {
  id: string;
  name: string;
}

/** A labelled field of one line, or of several. */
export function Entry({ label, hint, fault, rows, placeholder, list, className = "", ...rest }: { label: string; hint?: string; fault?: string | undefined; rows?: number; placeholder?: string; list?: string; className?: string } & Omit<TextFieldProps, "className" | "children">) {
  return (
    <TextField {...rest} isInvalid={Boolean(fault)} validationBehavior="aria" className={`field ${className}`}>
      <Label>{label}</Label>
      {rows ? <TextArea rows={rows} placeholder={placeholder ?? ""} /> : <Input placeholder={placeholder ?? ""} {...(list ? { list } : {})} />}
      {hint ? <Text slot="description">{hint}</Text> : null}
      <FieldError className="field-fault">{fault}</FieldError>
    </TextField>
  );
}

/** One of few, all of them named. */
export function Pick({ label, value, options, onChoose, isDisabled = false, hidden = false }: { label: string; value: string; options: Option[]; onChoose: (id: string) => void; isDisabled?: boolean; hidden?: boolean }) {
  return (
    <Select className="select field" value={value} isDisabled={isDisabled} onChange={(key) => key !== null && onChoose(String(key))} {...(hidden ? { "aria-label": label } : {})}>
      {hidden ? null : <Label className="label">{label}</Label>}
      <Button className="select-button"><SelectValue /><span aria-hidden="true">▾</span></Button>
      <Popover className="popover">
        <ListBox className="menu" items={options}>{(option) => <ListBoxItem id={option.id} textValue={option.name} className="menu-item">{option.name}</ListBoxItem>}</ListBox>
      </Popover>
    </Select>
  );
}

export function Toggle({ on, onChange, isDisabled = false, hint, children }: { on: boolean; onChange: (on: boolean) => void; isDisabled?: boolean; hint?: string; children: ReactNode }) {
  return (
    <div className="toggle-line">
      <Switch className="toggle" isSelected={on} onChange={onChange} isDisabled={isDisabled}><span className="toggle-track" aria-hidden="true" /> {children}</Switch>
      {hint ? <p className="toggle-hint">{hint}</p> : null}
    </div>
  );
}

/** Any of a few. */
export function Checks({ label, value, options, none, onChange }: { label: string; value: string[]; options: Option[]; none?: string; onChange: (ids: string[]) => void }) {
  return (
    <CheckboxGroup className="checks field" value={value} onChange={onChange}>
      <Label className="label">{label}</Label>
      <div className="checks-all">
        {options.length === 0 && none ? <p className="quiet">{none}</p> : null}
        {options.map((option) => <Checkbox key={option.id} value={option.id} className="check"><span className="check-box" aria-hidden="true" /> {option.name}</Checkbox>)}
      </div>
    </CheckboxGroup>
  );
}

/** Runs requests of a form: says when one is on its way, what went wrong, and, on success, so. */
export function useWork() {
  const desk = useDesk();
  const { t } = useWords();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const run = async (work: () => Promise<unknown>, done?: Word): Promise<boolean> => {
    setBusy(true);
    setFault("");
    try {
      await work();
      if (done) desk.notices.add("info", t(done));
      return true;
    } catch (error) {
      setFault(explain(error, t));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, fault, run, setFault };
}

/** Where a form says what went wrong. */
export function Fault({ text }: { text: string }) {
  return <p className={text ? "fault" : "unseen"} role="alert">{text}</p>;
}
