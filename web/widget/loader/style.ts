/** Style of the launcher. It lives in a shadow root, as a constructed sheet, which a strict style-src does not concern. */
export const style = `
:host{all:initial;position:fixed;bottom:20px;right:20px;z-index:2147483000;--accent:#1b5cff;--ink:#fff;--size:56px;--w:380px;--h:620px}
:host([data-side=left]){right:auto;left:20px}
:host([data-inline]){position:relative;inset:auto;display:block;width:100%;height:100%;z-index:auto}
:host([hidden]){display:none}
button{all:unset;box-sizing:border-box;position:relative;display:grid;place-items:center;width:var(--size);height:var(--size);border-radius:50%;background:var(--accent);color:var(--ink);cursor:pointer;box-shadow:0 4px 16px #0004;border:2px solid transparent;-webkit-tap-highlight-color:transparent;transition:transform .15s}
button:hover{transform:scale(1.05)}
button:focus-visible{outline:3px solid var(--accent);outline-offset:3px;box-shadow:0 0 0 3px #fff,0 4px 16px #0004}
button[hidden],.badge[hidden],iframe[hidden]{display:none}
svg{width:50%;height:50%;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
img{width:100%;height:100%;border-radius:50%;object-fit:cover}
.badge{position:absolute;top:-4px;right:-4px;min-width:22px;height:22px;box-sizing:border-box;padding:0 6px;border-radius:11px;background:#b3261e;color:#fff;font:600 13px/22px system-ui,sans-serif;text-align:center}
iframe{position:fixed;bottom:calc(32px + var(--size));right:20px;width:min(var(--w),100vw - 40px);height:min(var(--h),100vh - 60px - var(--size));height:min(var(--h),100dvh - 60px - var(--size));border:0;border-radius:16px;box-shadow:0 8px 40px #0005;background:transparent;color-scheme:normal}
:host([data-side=left]) iframe{right:auto;left:20px}
:host([data-inline]) iframe{position:static;width:100%;height:100%;border-radius:0;box-shadow:none}
:host([data-inline]) button{display:none}
@media (max-width:480px),(max-height:480px){:host(:not([data-inline])) iframe{inset:0;width:100%;height:100%;border-radius:0}:host([data-open]:not([data-inline])) button{visibility:hidden}}
@media (prefers-reduced-motion:reduce){button{transition:none}button:hover{transform:none}}
@media (forced-colors:active){button{border-color:ButtonText}.badge{border:1px solid ButtonText}iframe{outline:1px solid CanvasText}}
@media print{:host{display:none}}
`;
