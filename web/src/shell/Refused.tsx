/** There is no token, or it is no good (any more). */
export function Refused() {
  return (
    <main class="refused">
      <h1>Open the address that the command printed</h1>
      <p>
        This page shows a mesh only to whoever has the token of the running program. The command prints an address with
        it, such as
      </p>
      <p>
        <code>http://127.0.0.1:8420/#token=…</code>
      </p>
      <p>
        Each start has a token of its own: an address of an earlier one is no good any more. To start the program:{" "}
        <code>meshglobal dashboard</code>
      </p>
    </main>
  );
}
