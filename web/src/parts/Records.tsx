/**
 * A table of texts whose rows become lists of names and values where there is no room.
 *
 * The roles are written out, because browsers forget them where the style sheet lays rows out in another way.
 */
import "./tables.css";
import type { ComponentChildren } from "preact";

interface RecordsProps {
  /** What it is a table of; said by readers of screens alone. */
  caption: string;
  heads: readonly string[];
  class?: string;
  children: ComponentChildren;
}

export function Records({ caption, heads, class: look = "", children }: RecordsProps) {
  return (
    <table role="table" class={`records ${look}`} aria-label={caption}>
      <thead role="rowgroup">
        <tr role="row">
          {heads.map((head) => (
            <th key={head} role="columnheader" scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">{children}</tbody>
    </table>
  );
}

/** One row. */
export function Entry({ children }: { children: ComponentChildren }) {
  return <tr role="row">{children}</tr>;
}

/** The cell that names the row. */
export function Name({ children }: { children: ComponentChildren }) {
  return (
    <th role="rowheader" scope="row">
      {children}
    </th>
  );
}

interface FieldProps {
  /** The head of its column, for where there are no columns. */
  of: string;
  class?: string;
  children: ComponentChildren;
}

/** Any other cell. */
export function Field({ of, class: look = "", children }: FieldProps) {
  return (
    <td role="cell" data-label={of} class={look}>
      <div>{children}</div>
    </td>
  );
}
