/** The dialog of a change: choose, look at the plan, agree, see what came of it. */
import "./actions.css";
import { useEffect, useRef, useState } from "preact/hooks";
import { store } from "../store";
import { back, close, type Step, step, subject } from "./flow";
import { PlanStep } from "./PlanStep";
import { ResultStep } from "./ResultStep";
import { WishForm } from "./WishForm";
import { firstWish, type Place, type Subject, type Wish } from "./wish";

const TITLES: Readonly<Record<Step["name"], string>> = {
  choose: "what to change",
  planning: "what to change",
  plan: "this would be changed",
  applying: "this is being changed",
  done: "what came of it",
};

export function ChangeDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const about = subject.value;
  useEffect(() => {
    if (about === null) dialog.current?.close();
    else if (dialog.current?.open === false) dialog.current.showModal();
  }, [about]);
  const isBusy = about !== null && step.value.name === "applying";
  return (
    <dialog
      ref={dialog}
      class="changing"
      aria-labelledby="change-title"
      onClose={close}
      onKeyDown={(event) => event.stopPropagation()}
      onCancel={(event) => {
        if (isBusy) event.preventDefault(); // what is being written cannot be called back
      }}
    >
      {about === null ? null : <Change about={about} />}
    </dialog>
  );
}

function Change({ about }: { about: Subject }) {
  const [wish, setWish] = useState<Wish>(() => firstWish(about, places(), serviceOf(about)));
  const title = useRef<HTMLHeadingElement>(null);
  const now = step.value;
  useEffect(() => {
    // When it opens, the browser gives the heading the focus; each further step begins there as well.
    if (now.name !== "choose" || now.refusal !== null) title.current?.focus();
  }, [now.name]);
  return (
    <>
      <header>
        <h2 id="change-title" ref={title} tabIndex={-1}>
          {about.isFixed ? <bdi>{`${about.namespace}/${about.name}: `}</bdi> : null}
          {TITLES[now.name]}
        </h2>
        <button type="button" class="close" onClick={close}>
          <span aria-hidden="true">×</span>
          <span class="unseen">Close</span>
        </button>
      </header>
      {now.name === "choose" || now.name === "planning" ? (
        <WishForm wish={wish} places={places()} onWish={setWish} now={now} />
      ) : now.name === "done" ? (
        <ResultStep report={now.report} refusal={now.refusal} onAgain={back} />
      ) : (
        <PlanStep
          key={now.plan.id}
          plan={now.plan}
          refusal={now.name === "plan" ? now.refusal : null}
          isBusy={now.name === "applying"}
        />
      )}
    </>
  );
}

function serviceOf(about: Subject) {
  return store.services.value?.get(`${about.namespace}/${about.name}`) ?? null;
}

/** The clusters as they are known now. */
function places(): Place[] {
  const marked = new Set(store.about.value?.protectedContexts);
  return store.clusters.value.map(({ context, aliases, reached }) => ({
    context,
    isLost: !reached,
    isProtected: [context, ...aliases].some((name) => marked.has(name)),
  }));
}
