import { useState } from "react";
import type { Chat } from "./chat.ts";
import { Icon } from "./icon.tsx";
import type { Words } from "./words.ts";

/** Longest feedback, characters (moveo f). */
const longest = 280;

export function Survey({ chat, words }: { chat: Chat; words: Words }) {
  const [score, setScore] = useState(0);
  const [feedback, setFeedback] = useState("");
  if (chat.rating > 0) return <p className="thanks" role="status">{words("thanks")}</p>;
  return (
    <form
      className="survey"
      onSubmit={(e) => {
        e.preventDefault();
        if (score > 0) void chat.rate(score, feedback.trim());
      }}
    >
      <fieldset>
        <legend>{words("surveyTitle")}</legend>
        <div className="stars">
          {[1, 2, 3, 4, 5].map((n) => (
            <label key={n} className={n <= score ? "star on" : "star"}>
              <input type="radio" name="score" className="unseen" checked={n === score} onChange={() => setScore(n)} aria-label={words("score", { n })} />
              <Icon name="star" />
            </label>
          ))}
        </div>
      </fieldset>
      {score > 0 ? (
        <>
          <textarea rows={2} maxLength={longest} value={feedback} aria-label={words("feedback")} placeholder={words("feedback")} onInput={(e) => setFeedback(e.currentTarget.value)} />
          <button type="submit" className="primary">{words("submit")}</button>
        </>
      ) : null}
    </form>
  );
}
