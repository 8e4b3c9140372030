/** Fields that say how a page is looked at. What they say stands in the address. */
import "./fields.css";
import { useRef } from "preact/hooks";
import { useKeys } from "../keys";
import { setQuery } from "../router";

interface SearchProps {
  value: string;
  /** What is searched: "findings". */
  what: string;
  placeholder?: string;
}

/** A field for words; `/` goes to it. */
export function Search({ value, what, placeholder = `Search ${what}` }: SearchProps) {
  const field = useRef<HTMLInputElement>(null);
  useKeys({
    "/": () => {
      field.current?.focus();
      field.current?.select();
    },
  });
  return (
    <label class="search">
      <span class="unseen">Search {what}</span>
      <input
        ref={field}
        type="search"
        value={value}
        placeholder={placeholder}
        aria-keyshortcuts="/"
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => setQuery({ q: event.currentTarget.value }, { replace: true })}
      />
      <span class="key" aria-hidden="true">
        /
      </span>
    </label>
  );
}

interface ChoiceProps {
  label: string;
  /** Its key in the address. */
  name: string;
  value: string;
  /** Each as its value in the address, and its word where that is another. */
  options: readonly (string | readonly [string, string])[];
  /** The word for no choice. */
  none?: string;
}

/** One value of several, or none. */
export function Choice({ label, name, value, options, none = "all" }: ChoiceProps) {
  return (
    <label class="field">
      <span class="field-label">{label}</span>
      <select value={value} onChange={(event) => setQuery({ [name]: event.currentTarget.value })}>
        <option value="">{none}</option>
        {options.map((option) => {
          const [key, word] = typeof option === "string" ? [option, option] : option;
          return (
            <option key={key} value={key}>
              {word}
            </option>
          );
        })}
      </select>
    </label>
  );
}
