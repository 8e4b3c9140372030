/** One choice among names, kept in the address. */
import { computed } from "@preact/signals";
import { setQuery } from "../../router";
import { store } from "../../store";

interface ChoiceOrder {
  /** Its key in the query. */
  name: string;
  label: string;
  /** What no choice is called. */
  all: string;
  options: readonly string[];
  value: string;
  prefix?: string;
}

export function Choice({ name, label, all, options, value, prefix = "" }: ChoiceOrder) {
  // What an old address asks for may not be there (any more): it is shown all the same, because it filters.
  const known = value === "" || options.includes(value) ? options : [...options, value];
  return (
    <label class={value === "" ? "choice" : "choice is-chosen"}>
      <span class="unseen">{label}</span>
      <select value={value} onChange={(event) => setQuery({ [name]: event.currentTarget.value })}>
        <option value="">{all}</option>
        {known.map((option) => (
          <option key={option} value={option}>
            {prefix}
            {option}
          </option>
        ))}
      </select>
    </label>
  );
}

const namespaces = computed(() =>
  [...new Set([...(store.services.value?.values() ?? [])].map((service) => service.namespace))].sort(),
);
const segments = computed(() => [...new Set(store.segments.value.values())].sort());
const clusters = computed(() => store.clusters.value.map((cluster) => cluster.context));

/** What there is to choose from. */
export const CHOICES = { namespaces, segments, clusters } as const;
