/** There is no token, or it is no good (any more). */
import { useState } from "preact/hooks";
import { keepToken } from "../api/token";

export function Refused({ onToken }: { onToken: () => void }) {
  return (
    <main class="refused">
      <h1>Open the address that the command printed</h1>
      <p>
        A mesh is shown only to whoever has the token of the running program. The command prints an address with it,
        such as
      </p>
      <p>
        <code>http://127.0.0.1:8420/#token=…</code>
      </p>
      <p>
        Each start has a token of its own: an address of an earlier one is no good any more. To start the program:{" "}
        <code>meshglobal dashboard</code>
      </p>
      <TokenField onToken={onToken} />
    </main>
  );
}

/** For a token of one's own (`--token-file`), which the command does not print. */
function TokenField({ onToken }: { onToken: () => void }) {
  const [token, setToken] = useState("");
  const [isWrong, setWrong] = useState(false);
  return (
    <form
      class="token"
      onSubmit={(event) => {
        event.preventDefault();
        if (keepToken(token.trim())) onToken();
        else setWrong(true);
      }}
    >
      <label>
        If it was started with <code>--token-file</code>, what stands in that file:
        <input
          type="password"
          autocomplete="off"
          value={token}
          aria-invalid={isWrong}
          onInput={(event) => {
            setToken(event.currentTarget.value);
            setWrong(false);
          }}
        />
      </label>
      <button type="submit">Open</button>
      {isWrong ? <p role="alert">This cannot be a token: it has no spaces and only ASCII characters.</p> : null}
    </form>
  );
}
