import {
  brokenHttp,
  chunk,
  type Fault,
  good,
  jsonHeaders,
  malformed,
  once,
  oneSample,
  pour,
  reset,
  short,
  timedOut,
  tooFewBytes,
} from "./fault.ts";

/** Faults below the content: sockets, HTTP's framing, time. */
export const transferFaults: readonly Fault[] = [
  {
    title: "accepts and closes",
    script: good,
    onConnection: (socket) => {
      socket.end();
      return true;
    },
    expected: reset,
    sent: [],
  },
  {
    title: "reset before any byte of the answer",
    script: ({ reset }) => reset(),
    expected: reset,
    sent: ["POST", "POST"],
  },
  {
    title: "closed in an orderly way before any byte of the answer",
    script: ({ socket }) => socket.end(),
    expected: reset,
    sent: ["POST", "POST"],
  },
  {
    title: "reset in the middle of the headers",
    script({ raw, socket, reset }) {
      socket.write("HTTP/1.1 200 OK\r\nContent-Ty", () => setImmediate(reset));
      raw("");
    },
    expected: reset,
    sent: ["POST"],
  },
  {
    title: "reset in the middle of the body",
    script({ head, socket, reset }) {
      head(200, { ...jsonHeaders, "Content-Length": String(oneSample.length) });
      socket.write(tooFewBytes, () => setImmediate(reset));
    },
    expected: reset,
    sent: ["POST"],
  },
  {
    title: "body shorter than Content-Length",
    script({ head, socket }) {
      head(200, { ...jsonHeaders, "Content-Length": String(oneSample.length) });
      socket.end(tooFewBytes);
    },
    expected: reset,
    sent: ["POST"],
  },
  {
    title: "chunked body without its last chunk",
    script(exchange) {
      exchange.head(200, { ...jsonHeaders, "Transfer-Encoding": "chunked" });
      chunk(exchange, tooFewBytes);
      exchange.socket.end();
    },
    expected: reset,
    sent: ["POST"],
  },
  {
    title: "body that ends with the connection, cut off",
    script({ head, socket }) {
      head(200, { ...jsonHeaders, Connection: "close" });
      socket.end(tooFewBytes);
    },
    expected: malformed,
    sent: ["POST"],
  },
  {
    title: "body that ends with the connection, whole",
    script({ head, socket }) {
      head(200, { ...jsonHeaders, Connection: "close" });
      socket.end(oneSample);
    },
    expected: "answer",
    sent: ["POST"],
  },
  {
    title: "broken chunk framing",
    script(exchange) {
      exchange.head(200, { ...jsonHeaders, "Transfer-Encoding": "chunked" });
      exchange.raw("zz\r\nnot a size\r\n");
    },
    expected: { kind: "unreachable", code: "network" },
    sent: ["POST"],
  },
  {
    title: "not HTTP at all",
    script: ({ raw }) => raw("SSH-2.0-OpenSSH_9.2\r\n"),
    expected: { kind: "unreachable", code: "network" },
    sent: ["POST"],
  },
  {
    title: "headers of 100 KB",
    script: ({ answer }) => answer(200, oneSample, { "X-Long": "x".repeat(100_000) }),
    expected: { kind: "unreachable", code: "network" },
    sent: ["POST"],
  },
  {
    title: "a whole document in a chunked body without its last chunk",
    script(exchange) {
      exchange.head(200, { ...jsonHeaders, "Transfer-Encoding": "chunked" });
      chunk(exchange, oneSample);
      exchange.socket.end();
    },
    expected: reset,
    sent: ["POST"],
  },
  {
    title: "a whole document that is shorter than Content-Length",
    script({ head, socket }) {
      head(200, { ...jsonHeaders, "Content-Length": String(oneSample.length + 1) });
      socket.end(oneSample);
    },
    expected: reset,
    sent: ["POST"],
  },
  {
    title: "a document that is longer than Content-Length",
    script({ head, socket }) {
      head(200, { ...jsonHeaders, "Content-Length": String(tooFewBytes.length), Connection: "close" });
      socket.end(oneSample);
    },
    expected: malformed,
    sent: ["POST"],
  },
  {
    title: "bytes behind the end that Content-Length tells",
    script({ answer, raw }) {
      answer(200, oneSample, jsonHeaders);
      raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nagain");
    },
    expected: "answer",
    sent: ["POST"],
  },
  {
    title: "two lengths",
    script: ({ raw }) => raw(`HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n${oneSample}`),
    expected: { kind: "unreachable" },
    sent: ["POST"],
  },
  {
    title: "a length and chunks at once",
    script: ({ raw }) =>
      raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
    expected: { kind: "unreachable" },
    sent: ["POST"],
  },
  {
    title: "a length that is no number",
    script: ({ raw }) => raw(`HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n${oneSample}`),
    expected: brokenHttp,
    sent: ["POST"],
  },
  {
    title: "a chunk that is longer than it says",
    script(exchange) {
      exchange.head(200, { ...jsonHeaders, "Transfer-Encoding": "chunked" });
      exchange.raw(`5\r\n${oneSample}\r\n0\r\n\r\n`);
    },
    expected: brokenHttp,
    sent: ["POST"],
  },
  {
    title: "a chunk whose size no number holds",
    script(exchange) {
      exchange.head(200, { ...jsonHeaders, "Transfer-Encoding": "chunked" });
      exchange.raw(`${"f".repeat(40)}\r\n${oneSample}`);
    },
    expected: brokenHttp,
    sent: ["POST"],
  },
  {
    title: "one byte in each chunk, with extensions and trailers",
    script(exchange) {
      exchange.head(200, { ...jsonHeaders, "Transfer-Encoding": "chunked", Trailer: "X-End" });
      for (const sign of oneSample) exchange.raw(`1;a="b"\r\n${sign}\r\n`);
      exchange.raw("0\r\nX-End: yes\r\n\r\n");
    },
    expected: "answer",
    sent: ["POST"],
  },
  {
    title: "a header without a colon",
    script: ({ raw }) => raw("HTTP/1.1 200 OK\r\nno header at all\r\n\r\n"),
    expected: brokenHttp,
    sent: ["POST"],
  },
  {
    title: "a NUL in a header",
    script: ({ raw }) => raw("HTTP/1.1 200 OK\r\nX-A: a\0b\r\nContent-Length: 0\r\n\r\n"),
    expected: brokenHttp,
    sent: ["POST"],
  },
  {
    title: "HTTP/2 to who speaks HTTP/1.1",
    script: ({ raw }) => raw(new Uint8Array([0, 0, 0, 4, 0, 0, 0, 0, 0])),
    expected: brokenHttp,
    sent: ["POST"],
  },
  {
    title: "a TLS alert to who speaks plain HTTP",
    script: ({ raw }) => raw(new Uint8Array([0x15, 3, 1, 0, 2, 2, 70])),
    expected: { kind: "unreachable", code: "tls", tls: "tlsPort" },
    sent: ["POST"],
  },
  {
    title: "HTTP/1.0",
    script: ({ socket }) => socket.end(`HTTP/1.0 200 OK\r\n\r\n${oneSample}`),
    expected: "answer",
    sent: ["POST"],
  },
  {
    title: "early hints before the answer",
    script({ raw, answer }) {
      raw("HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n");
      answer(200, oneSample, jsonHeaders);
    },
    expected: "answer",
    sent: ["POST"],
  },
  {
    title: "another protocol that nobody asked for",
    script: ({ raw }) => raw("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"),
    expected: { kind: "unreachable" },
  },
  {
    title: "headers of 17 KB",
    script: ({ answer }) => answer(200, oneSample, { "X-Long": "x".repeat(17_000) }),
    expected: brokenHttp,
    sent: ["POST"],
  },
  {
    title: "headers without end",
    script(exchange) {
      exchange.raw("HTTP/1.1 200 OK\r\n");
      pour(exchange, `X-Long: ${"x".repeat(60_000)}\r\n`);
    },
    expected: brokenHttp,
    sent: ["POST"],
  },
  {
    title: "a hundred thousand short headers",
    script: ({ raw }) => raw(`HTTP/1.1 200 OK\r\n${"a:b\r\n".repeat(100_000)}\r\n`),
    expected: brokenHttp,
    sent: ["POST"],
  },
  {
    title: "a kept-alive socket that is reset as it is used",
    script: once(({ reset }) => reset(), good),
    isWarm: true,
    expected: "answer",
    sent: ["POST", "POST", "POST"],
  },
  {
    title: "a kept-alive socket that is closed as it is used",
    script: once(({ socket }) => socket.end(), good),
    isWarm: true,
    expected: "answer",
    sent: ["POST", "POST", "POST"],
  },
  {
    title: "a kept-alive socket that breaks amid the answer",
    script({ head, socket }) {
      head(200, { ...jsonHeaders, "Content-Length": String(oneSample.length) });
      socket.end(tooFewBytes);
    },
    isWarm: true,
    expected: reset,
    sent: ["POST", "POST"],
  },
  {
    title: "a kept-alive socket on which an answer stands before it is asked for",
    script: good,
    isWarm: true,
    onConnection(socket) {
      // Behind the first answer, on the same socket.
      setTimeout(() => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"), 60);
      return false;
    },
    expected: "answer",
  },
  // Time
  { title: "no headers ever", script: () => {}, endpoint: short, expected: timedOut, sent: ["POST"] },
  {
    title: "headers that stop half way",
    script: ({ raw }) => raw("HTTP/1.1 200 OK\r\nContent-Le"),
    endpoint: short,
    expected: timedOut,
    sent: ["POST"],
  },
  {
    title: "a body that stalls half way",
    script({ head, raw }) {
      head(200, { "Content-Length": String(oneSample.length) });
      raw(tooFewBytes);
    },
    endpoint: short,
    expected: timedOut,
    sent: ["POST"],
  },
  {
    title: "a drip that never pauses for long and never ends",
    script({ head, raw, socket }) {
      head(200, jsonHeaders);
      raw("{");
      const timer = setInterval(() => raw(" "), 20);
      socket.on("close", () => clearInterval(timer));
    },
    endpoint: short,
    expected: timedOut,
    sent: ["POST"],
  },
  {
    title: "an explanation of a failure that stalls",
    script({ head, raw }) {
      head(502, { "Content-Length": "5000" });
      raw("<html>");
    },
    endpoint: short,
    expected: timedOut,
    sent: ["POST"],
  },
  {
    title: "headers that come a byte at a time, and too late",
    script({ raw, socket }) {
      const timer = setInterval(() => raw("x"), 20);
      raw("HTTP/1.1 200 OK\r\nX-A: ");
      socket.on("close", () => clearInterval(timer));
    },
    endpoint: short,
    expected: timedOut,
    sent: ["POST"],
  },
  {
    title: "an answer that comes a byte at a time, and in time",
    script({ raw, socket }) {
      const text = `HTTP/1.1 200 OK\r\nContent-Length: ${oneSample.length}\r\n\r\n${oneSample}`;
      let at = 0;
      const timer = setInterval(() => {
        raw(text.slice(at, ++at));
        if (at === text.length) clearInterval(timer);
      }, 1);
      socket.on("close", () => clearInterval(timer));
    },
    expected: "answer",
    sent: ["POST"],
  },
  {
    title: "a chunked body whose last chunk never comes",
    script(exchange) {
      exchange.head(200, { ...jsonHeaders, "Transfer-Encoding": "chunked" });
      chunk(exchange, oneSample);
    },
    endpoint: short,
    expected: timedOut,
    sent: ["POST"],
  },
  {
    title: "hints instead of an answer, again and again",
    script({ raw, socket }) {
      const timer = setInterval(() => raw("HTTP/1.1 102 Processing\r\n\r\n"), 20);
      socket.on("close", () => clearInterval(timer));
    },
    endpoint: short,
    expected: timedOut,
    sent: ["POST"],
  },
];
