/** What a page says where it has nothing to show: why, and what to do. */
import type { ComponentChildren } from "preact";

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}

/** Something is on its way. */
export function Loading({ what }: { what: string }) {
  return (
    <p class="empty" role="status">
      Reading {what} …
    </p>
  );
}
