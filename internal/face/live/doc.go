// Package live is the Socket.IO face of the core: contract (c). It decodes
// events, calls the core and encodes answers; one file to an event family.
//
// Both URL forms of contract c.1 are served: engine path /v1/web/{id}/ws with
// namespace /, and engine path /socket.io/ with namespace /v1/web/{id}/ws.
//
// A socket holds (chain, last sequence) for each session it created or
// reconnected to and is always fed the next event after its own.
package live
