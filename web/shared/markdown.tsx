import { Fragment, type ReactNode } from "react";
import { parseMarkdown, type Block, type Span } from "./markdown-parse.ts";

/** Markdown as elements: no HTML text is made, so there is nothing to sanitise (moveo e, "text"). */
export function Markdown({ text }: { text: string }) {
  return <div className="md">{parseMarkdown(text).map((block, i) => <Fragment key={i}>{drawBlock(block)}</Fragment>)}</div>;
}

function drawBlock(block: Block): ReactNode {
  switch (block.kind) {
    case "paragraph":
      return <p>{drawSpans(block.spans)}</p>;
    case "heading":
      return <p><strong>{drawSpans(block.spans)}</strong></p>;
    case "quote":
      return <blockquote>{block.blocks.map((inner, i) => <Fragment key={i}>{drawBlock(inner)}</Fragment>)}</blockquote>;
    case "code":
      return <pre tabIndex={0}><code>{block.text}</code></pre>;
    case "rule":
      return <hr />;
    case "list": {
      const items = block.items.map((spans, i) => <li key={i}>{drawSpans(spans)}</li>);
      return block.ordered ? <ol start={block.start}>{items}</ol> : <ul>{items}</ul>;
    }
  }
}

function drawSpans(spans: Span[]): ReactNode[] {
  return spans.map((span, i) => <Fragment key={i}>{drawSpan(span)}</Fragment>);
}

function drawSpan(span: Span): ReactNode {
  switch (span.kind) {
    case "text":
      return span.text;
    case "break":
      return <br />;
    case "code":
      return <code>{span.text}</code>;
    case "strong":
      return <strong>{drawSpans(span.spans)}</strong>;
    case "emphasis":
      return <em>{drawSpans(span.spans)}</em>;
    case "strike":
      return <del>{drawSpans(span.spans)}</del>;
    case "link":
      return <a href={span.url} target="_blank" rel="noopener noreferrer nofollow">{drawSpans(span.spans)}</a>;
  }
}
