import { Signal } from "../ui/signal.ts";
import type { PageFrame, ServerFrame } from "./frame.ts";

export type LinkState = "connecting" | "live" | "offline" | "ended";

/** The server pings more often than this; a longer silence is a broken connection that nobody reported. */
const silence = 60_000;
const slowest = 10_000;

/** The close codes after which coming back makes no sense. */
const signedOut = 4001;

/**
 * One WebSocket that comes back by itself. It keeps no frames: whoever uses it
 * says anew on every "hello" what it wants and from where.
 */
export class Connection {
  readonly state = new Signal<LinkState>("connecting");
  private socket: WebSocket | null = null;
  private attempts = 0;
  private retry = 0;
  private watch = 0;
  private readonly address: string;
  private readonly hear: (frame: ServerFrame) => void;
  private readonly refused: () => void;

  /** refused is called when a connection ended before the server said anything. */
  constructor(address: string, hear: (frame: ServerFrame) => void, refused: () => void) {
    this.address = address;
    this.hear = hear;
    this.refused = refused;
  }

  start(): void {
    addEventListener("online", this.now);
    addEventListener("offline", this.lost);
    document.addEventListener("visibilitychange", this.shown);
    this.dial();
  }

  stop(): void {
    removeEventListener("online", this.now);
    removeEventListener("offline", this.lost);
    document.removeEventListener("visibilitychange", this.shown);
    clearTimeout(this.retry);
    clearTimeout(this.watch);
    this.state.set("ended");
    this.drop();
  }

  /** Sends where the connection is open, and says whether it was. */
  send(frame: PageFrame): boolean {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  /** Tries at once instead of after the pause. */
  now = (): void => {
    if (this.state.value !== "offline") return;
    clearTimeout(this.retry);
    this.dial();
  };

  private shown = (): void => {
    if (document.visibilityState === "visible") this.now();
  };

  private lost = (): void => {
    if (this.state.value === "ended") return;
    this.drop();
    this.pause();
  };

  private drop(): void {
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  private dial(): void {
    this.drop();
    if (this.attempts === 0) this.state.set("connecting");
    const socket = new WebSocket(this.address);
    this.socket = socket;
    this.expect();
    let spoke = false;
    socket.onmessage = (message) => {
      spoke = true;
      this.expect();
      const frame = JSON.parse(String(message.data)) as ServerFrame;
      if (frame.type === "ping") this.send({ type: "pong" });
      if (frame.type === "hello") {
        this.attempts = 0;
        this.state.set("live");
      }
      this.hear(frame);
    };
    socket.onclose = (event) => {
      if (event.code === signedOut) {
        this.stop();
        this.hear({ type: "signed_out" });
        return;
      }
      this.socket = null;
      this.pause();
      if (!spoke) this.refused();
    };
  }

  /** Waits for the next sign of life. */
  private expect(): void {
    clearTimeout(this.watch);
    this.watch = window.setTimeout(this.lost, silence);
  }

  private pause(): void {
    clearTimeout(this.watch);
    clearTimeout(this.retry);
    this.state.set("offline");
    const wait = Math.min(slowest, 400 * 2 ** Math.min(this.attempts++, 6));
    this.retry = window.setTimeout(() => this.dial(), wait * (0.5 + Math.random() / 2));
  }
}
