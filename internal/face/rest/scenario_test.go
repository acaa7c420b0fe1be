package rest

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/session"
)

// hooked is the real store behind a hook that a test can set: what it returns
// fails the call, and while it blocks the call waits.
type hooked struct {
	session.Store
	before atomic.Pointer[func(name string) error]
}

func (h *hooked) ask(name string) error {
	if f := h.before.Load(); f != nil {
		return (*f)(name)
	}
	return nil
}

func (h *hooked) Commit(ctx context.Context, change *session.Change) error {
	if err := h.ask(change.Name); err != nil {
		return err
	}
	return h.Store.Commit(ctx, change)
}

func (h *hooked) View(ctx context.Context, read func(session.Rows) error) error {
	if err := h.ask("view"); err != nil {
		return err
	}
	return h.Store.View(ctx, read)
}

func (h *hooked) Sessions(ctx context.Context, filter session.SessionFilter) ([]*session.Session, error) {
	if err := h.ask("sessions"); err != nil {
		return nil, err
	}
	return h.Store.Sessions(ctx, filter)
}

// hookedArchive is the archive of the same store behind the same hook.
type hookedArchive struct {
	session.Archive
	hook *hooked
}

func (a hookedArchive) Export(ctx context.Context, client session.ID, write func(string, json.RawMessage) error) error {
	if err := a.hook.ask("export"); err != nil {
		return err
	}
	return a.Archive.Export(ctx, client, write)
}

func (a hookedArchive) Erasures(ctx context.Context, integration string, before session.ID, limit int) ([]*session.Erasure, error) {
	if err := a.hook.ask("erasures"); err != nil {
		return nil, err
	}
	return a.Archive.Erasures(ctx, integration, before, limit)
}

func (h *hooked) set(f func(name string) error) { h.before.Store(&f) }

func withHook(h *hooked) option {
	return func(s *setup) {
		s.archive = func(real session.Archive) session.Archive { return hookedArchive{real, h} }
		s.store = func(real session.Store) session.Store {
			h.Store = real
			return h
		}
	}
}

// scenario is one request and what its answer must look like. The shape of
// the answer is checked against the API's description by stack.do.
type scenario struct {
	name      string
	operation string
	ask       func(id string) ask
	status    int
	has       []string
	lacks     []string
}

const (
	agentBody = `{"input":{"text":"hello"},"agent":{"agent_id":"a-1"}}`
	claimBody = `{"agent":{"agent_id":"a-1"}}`
)

func keyed(key string) http.Header { return http.Header{"Idempotency-Key": {key}} }

// scenarios returns the table. id is a fresh session with orderSession's
// context; the session "claimed" by a-2 is used where an owner is needed.
func scenarios() []scenario {
	post := func(path, body string) func(string) ask {
		return func(id string) ask { return ask{path: one(id) + path, body: body} }
	}
	get := func(path string) func(string) ask {
		return func(id string) ask { return ask{method: "GET", path: ours(id) + path} }
	}
	patch := func(body string, header http.Header) func(string) ask {
		return func(id string) ask {
			return ask{method: "PATCH", path: one(id) + "/context", body: body, header: header}
		}
	}
	open := func(body string, header http.Header) func(string) ask {
		return func(string) ask { return ask{path: sessionsPath, body: body, header: header} }
	}
	desk := func(path, body string) func(string) ask {
		return func(id string) ask { return ask{path: ours(id) + path, body: body} }
	}
	list := func(query string) func(string) ask {
		return func(string) ask {
			return ask{method: "GET", path: "/api/v1/integrations/shop/sessions" + query}
		}
	}
	long := strings.Repeat("é", 257)
	deep := strings.Repeat(`{"a":`, 33) + "1" + strings.Repeat("}", 33)
	return []scenario{
		{"create", "createSession", open(`{"external_session_id":"e","unknown":1}`, nil), 201, []string{`"external_session_id":"e"`}, []string{"unknown", "ignored"}},
		{"create leaves out sys-", "createSession", open(`{"context":{"sys-x":1,"a":1}}`, nil), 201, []string{`"ignored":["sys-x"]`, `"a":1`}, []string{`"sys-x":`}},
		{"create keeps numbers", "createSession", open(`{"context":{"n":12345678901234567890.123}}`, nil), 201, []string{"12345678901234567890.123"}, nil},
		{"create keeps HTML as it is", "createSession", open(`{"context":{"h":"<b>&</b>"}}`, nil), 201, []string{"<b>&</b>"}, nil},
		{"create: external id of a wrong type", "createSession", open(`{"external_session_id":7}`, nil), 400, []string{"external_session_id: must be a string"}, nil},
		{"create: external id too long", "createSession", open(`{"external_session_id":"`+long+`"}`, nil), 400, []string{"external_session_id", "256"}, nil},
		{"create: user id too long", "createSession", open(`{"channel_user_id":"`+long+`"}`, nil), 400, []string{"channel_user_id", "256"}, nil},
		{"create: context of a wrong type", "createSession", open(`{"context":[]}`, nil), 400, []string{"context: must be an object"}, nil},
		{"create: user of a wrong type", "createSession", open(`{"context":{"user":"x"}}`, nil), 400, []string{"context.user"}, nil},
		{"create: tags of a wrong type", "createSession", open(`{"context":{"tags":[1]}}`, nil), 400, []string{"context.tags"}, nil},
		{"create: duplicate key", "createSession", open(`{"context":{"user":{"email":"a","email":"b"}}}`, nil), 400, []string{"context.user.email", "twice"}, nil},
		{"create: poisoned key", "createSession", open(`{"context":{"a":{"__proto__":{}}}}`, nil), 400, []string{"__proto__"}, nil},
		{"create: too deep", "createSession", open(`{"context":`+deep+`}`, nil), 400, []string{"32"}, nil},
		{"create: text after the body", "createSession", open(`{} {}`, nil), 400, []string{"after"}, nil},
		{"create: no content type", "createSession", open(`{}`, http.Header{"Content-Type": nil}), 400, []string{"Content-Type", "application/json"}, nil},
		{"create: wrong content type", "createSession", open(`{}`, http.Header{"Content-Type": {"text/plain"}}), 400, []string{"Content-Type"}, nil},
		{"create: merge-patch is for PATCH", "createSession", open(`{}`, http.Header{"Content-Type": {mediaPatch}}), 400, []string{"Content-Type"}, nil},
		{"create: charset utf-8", "createSession", open(`{}`, http.Header{"Content-Type": {"application/json; charset=UTF-8"}}), 201, nil, nil},
		{"create: another charset", "createSession", open(`{}`, http.Header{"Content-Type": {"application/json; charset=latin1"}}), 400, []string{"utf-8"}, nil},
		{"create: compressed", "createSession", open(`{}`, http.Header{"Content-Encoding": {"gzip"}}), 400, []string{"Content-Encoding"}, nil},
		{"create: empty key", "createSession", open(`{}`, keyed("")), 400, []string{"Idempotency-Key"}, nil},
		{"create: key too long", "createSession", open(`{}`, keyed(strings.Repeat("k", 256))), 400, []string{"Idempotency-Key", "255"}, nil},
		{"create: key out of range", "createSession", open(`{}`, keyed("schlüssel")), 400, []string{"Idempotency-Key"}, nil},
		{"create: key with a tab", "createSession", open(`{}`, keyed("a\tb")), 400, []string{"Idempotency-Key"}, nil},
		{"create: two keys", "createSession", open(`{}`, http.Header{"Idempotency-Key": {"a", "b"}}), 400, []string{"Idempotency-Key"}, nil},
		{"create under a key", "createSession", open(`{"external_session_id":"1"}`, keyed("create")), 201, nil, nil},
		{"create: same key, other body", "createSession", open(`{"external_session_id":"2"}`, keyed("create")), 422, []string{"Idempotency-Key"}, nil},

		{"patch", "updateContext", patch(`{"plan":"pro"}`, nil), 200, []string{`"plan":"pro"`, `"order_id"`}, []string{"ignored"}},
		{"patch with nothing", "updateContext", patch(`{}`, nil), 200, []string{`"order_id"`}, nil},
		{"patch stores null", "updateContext", patch(`{"order_id":null}`, nil), 200, []string{`"order_id":null`}, nil},
		{"patch: null of a reserved key", "updateContext", patch(`{"user":null}`, nil), 400, []string{"context.user"}, nil},
		{"patch: null tags", "updateContext", patch(`{"tags":null}`, nil), 200, []string{`"tags":[]`}, nil},
		{"patch drops duplicate tags", "updateContext", patch(`{"tags":["b","a","b"]}`, nil), 200, []string{`"tags":["b","a"]`}, nil},
		{"patch leaves out sys-", "updateContext", patch(`{"sys-channel":"x","plan":1}`, nil), 200, []string{`"ignored":["sys-channel"]`}, []string{`"sys-channel":`}},
		{"patch without a body", "updateContext", patch("", nil), 400, []string{"object"}, nil},
		{"patch with an array", "updateContext", patch("[]", nil), 400, []string{"object"}, nil},
		{"merge-patch deletes", "updateContext", patch(`{"order_id":null}`, http.Header{"Content-Type": {mediaPatch + "; charset=utf-8"}}), 200, nil, []string{"order_id"}},
		{"merge-patch keeps the person", "updateContext", patch(`{"user":null}`, http.Header{"Content-Type": {mediaPatch}}), 200, []string{`"user_id"`, "user-67890"}, []string{"John"}},
		{"merge-patch: user_id stays", "updateContext", patch(`{"user":{"user_id":null}}`, http.Header{"Content-Type": {mediaPatch}}), 400, []string{"user_id"}, nil},
		{"patch: any version", "updateContext", patch(`{"a":1}`, http.Header{"If-Match": {"*"}}), 200, nil, nil},
		{"patch: another session's version", "updateContext", patch(`{"a":1}`, http.Header{"If-Match": {`"018f3c5e-7b1a-7c3d-9e2f-0123456789ab:1"`}}), 412, []string{"version"}, nil},
		{"patch: malformed condition", "updateContext", patch(`{"a":1}`, http.Header{"If-Match": {"7"}}), 400, []string{"If-Match"}, nil},

		{"close", "closeSession", post("/close", ""), 200, nil, nil},
		{"message", "sendMessage", post("/messages", `{"input":{"text":"hello"}}`), 202, []string{`"message_id"`}, []string{"hello", "output"}},
		{"message with an event", "sendMessage", post("/messages", `{"input":{"event":{"name":"paid","data":{"sum":3}}}}`), 202, nil, nil},
		{"message: event without a name", "sendMessage", post("/messages", `{"input":{"event":{}}}`), 400, []string{"input.event.name"}, nil},
		{"message: event data of a wrong type", "sendMessage", post("/messages", `{"input":{"event":{"name":"x","data":1}}}`), 400, []string{"input.event.data: must be an object"}, nil},
		{"message: text of a wrong type", "sendMessage", post("/messages", `{"input":{"text":1}}`), 400, []string{"input.text: must be a string"}, nil},
		{"message: input of a wrong type", "sendMessage", post("/messages", `{"input":"hello"}`), 400, []string{"input: must be an object"}, nil},
		{"message: text too long", "sendMessage", post("/messages", `{"input":{"text":"`+strings.Repeat("ж", 16001)+`"}}`), 400, []string{"input.text", "16000"}, nil},
		{"message: longest text", "sendMessage", post("/messages", `{"input":{"text":"`+strings.Repeat("ж", 16000)+`"}}`), 202, nil, nil},
		{"message: attachment by an id that is no file here", "sendMessage", post("/messages", `{"input":{"attachments":[{"type":"file","id":"f-1"}]}}`), 400, []string{"input.attachments", "uploaded"}, nil},
		{"message: attachment of no known type", "sendMessage", post("/messages", `{"input":{"attachments":[{"type":"hologram","id":"f"}]}}`), 400, []string{"input.attachments[0].type"}, nil},
		{"message: attachment without place", "sendMessage", post("/messages", `{"input":{"attachments":[{"type":"file","mime_type":"a/b"}]}}`), 400, []string{"input.attachments[0].url"}, nil},
		{"message: attachment without MIME type", "sendMessage", post("/messages", `{"input":{"attachments":[{"type":"file","url":"https://x.example/"}]}}`), 400, []string{"input.attachments[0].mime_type"}, nil},
		{"message: attachment over http", "sendMessage", post("/messages", `{"input":{"attachments":[{"type":"file","mime_type":"a/b","url":"http://x.example/"}]}}`), 400, []string{"input.attachments[0].url", "https"}, nil},
		{"message: attachment without a host", "sendMessage", post("/messages", `{"input":{"attachments":[{"type":"file","mime_type":"a/b","url":"https:///x"}]}}`), 400, []string{"input.attachments[0].url", "https"}, nil},
		{"message: attachment is no object", "sendMessage", post("/messages", `{"input":{"attachments":["x"]}}`), 400, []string{"input.attachments[0]: must be an object"}, nil},
		{"message: eleven attachments", "sendMessage", post("/messages", `{"input":{"attachments":[`+strings.Repeat(`{"type":"file","id":"f"},`, 10)+`{"type":"file","id":"f"}]}}`), 400, []string{"input.attachments", "10"}, nil},
		{"message: context of a wrong type", "sendMessage", post("/messages", `{"input":{"text":"a"},"context":"x"}`), 400, []string{"context: must be an object"}, nil},
		{"message: user of a wrong type", "sendMessage", post("/messages", `{"input":{"text":"a"},"context":{"user":1}}`), 400, []string{"context.user"}, nil},
		{"agent's record", "recordAgentMessage", post("/messages/agent", agentBody), 202, []string{`"message_id"`}, nil},
		{"agent's record: no agent", "recordAgentMessage", post("/messages/agent", `{"input":{"text":"x"}}`), 400, []string{"agent.agent_id"}, nil},
		{"agent's record: agent of a wrong type", "recordAgentMessage", post("/messages/agent", `{"input":{"text":"x"},"agent":"ann"}`), 400, []string{"agent: must be an object"}, nil},
		{"agent's record: no input", "recordAgentMessage", post("/messages/agent", claimBody), 400, []string{"input"}, nil},
		{"conversation close", "closeConversation", post("/conversation/close", ""), 200, nil, nil},
		{"conversation reopen", "reopenConversation", post("/conversation/reopen", ""), 200, nil, nil},
		{"handover", "handover", post("/handover", ""), 200, nil, nil},
		{"handover: bad key", "handover", func(id string) ask { return ask{path: one(id) + "/handover", header: keyed("")} }, 400, []string{"Idempotency-Key"}, nil},

		{"web configuration", "getWebConfiguration", func(string) ask { return ask{method: "GET", path: "/v1/web/shop", key: "-"} }, 200, []string{`"name":"The shop"`}, nil},
		{"web configuration of nobody", "getWebConfiguration", func(string) ask { return ask{method: "GET", path: "/v1/web/nowhere", key: "-"} }, 404, nil, nil},
		{"preflight", "askWebConfiguration", func(string) ask { return ask{method: "OPTIONS", path: "/v1/web/shop", key: "-"} }, 204, nil, nil},
		{"preflight of nobody", "askWebConfiguration", func(string) ask { return ask{method: "OPTIONS", path: "/v1/web/nowhere", key: "-"} }, 404, nil, nil},

		{"list", "listSessions", list("?status=active&limit=1"), 200, []string{`"status":"active"`}, []string{`"context"`}},
		{"list: unknown status", "listSessions", list("?status=open"), 400, []string{`"field":"status"`}, nil},
		{"list: nothing is stale", "listSessions", list("?stale=3600"), 200, []string{`"sessions":[]`}, nil},
		{"list: stale 0", "listSessions", list("?stale=0"), 400, []string{`"field":"stale"`}, nil},
		{"list: limit 0", "listSessions", list("?limit=0"), 400, []string{`"field":"limit"`, "200"}, nil},
		{"list: limit 201", "listSessions", list("?limit=201"), 400, []string{`"field":"limit"`}, nil},
		{"list: malformed cursor", "listSessions", list("?cursor=x"), 400, []string{`"field":"cursor"`}, nil},
		{"show", "getSession", get(""), 200, []string{`"order_id":"ORD-1"`, `"conversation":null`, `"external_session_id":"order-12345"`}, nil},
		{"show: malformed flag", "getSession", get("?exact=yes"), 400, []string{`"field":"exact"`}, nil},
		{"transcript", "listMessages", get("/messages"), 200, []string{`"messages":[]`, `"next_after":null`}, nil},
		{"transcript: malformed after", "listMessages", get("/messages?after=-1"), 400, []string{`"field":"after"`}, nil},
		{"transcript of the chain", "writeTranscript", get("/transcript"), 200, []string{`"chain_id"`, `"messages":[]`}, nil},
		{"transcript as text", "writeTranscript", get("/transcript?format=text"), 200, nil, []string{"{"}},
		{"transcript: unknown format", "writeTranscript", get("/transcript?format=pdf"), 400, []string{`"field":"format"`}, nil},
		{"events", "listEvents", get("/events"), 200, []string{"session:created", `"last_sequence":1`}, nil},
		{"events: malformed limit", "listEvents", get("/events?limit=many"), 400, []string{`"field":"limit"`}, nil},
		{"claim", "claimConversation", desk("/claim", claimBody), 200, nil, nil},
		{"claim of nobody", "claimConversation", desk("/claim", `{"agent":{}}`), 400, []string{`"field":"agent.agent_id"`}, nil},
		{"claim: transfer of a wrong type", "claimConversation", desk("/claim", `{"agent":{"agent_id":"a"},"transfer":"yes"}`), 400, []string{`"field":"transfer"`}, nil},
		{"agent message", "sendAgentMessage", desk("/agent-messages", agentBody), 201, []string{`"message_id"`}, nil},
		{"agent message: empty", "sendAgentMessage", desk("/agent-messages", `{"input":{"text":" "},"agent":{"agent_id":"a"}}`), 400, []string{`"field":"input"`}, nil},
		{"agent message: an id that is too long", "sendAgentMessage", desk("/agent-messages", `{"input":{"text":"a"},"agent":{"agent_id":"a"},"client_message_id":"`+strings.Repeat("i", 129)+`"}`), 400, []string{`"field":"client_message_id"`}, nil},
		{"transfer", "transferConversation", desk("/transfer", `{"agent":{"agent_id":"a"},"to":{"department":"sales"}}`), 200, []string{`"handover":{"status":"no_agents"`, `"department":"sales"`}, nil},
		{"transfer to an agent", "transferConversation", desk("/transfer", `{"agent":{"agent_id":"a"},"to":{"agent":{"agent_id":"b"}}}`), 200, []string{`"status":"open"`}, nil},
		{"transfer to nobody", "transferConversation", desk("/transfer", claimBody), 400, []string{`"field":"to"`}, nil},
		{"transfer to an agent without an id", "transferConversation", desk("/transfer", `{"agent":{"agent_id":"a"},"to":{"agent":{}}}`), 400, []string{`"field":"to.agent.agent_id"`}, nil},
		{"return of nothing", "returnConversation", desk("/return", claimBody), 409, []string{"conflict"}, nil},
		{"return: state of a wrong type", "returnConversation", desk("/return", `{"agent":{"agent_id":"a"},"state":1}`), 400, []string{`"field":"state"`}, nil},
		{"snooze of nothing", "snoozeConversation", desk("/snooze", `{"agent":{"agent_id":"a"},"until":"reply"}`), 409, []string{"conflict"}, nil},
		{"snooze: the past", "snoozeConversation", desk("/snooze", `{"agent":{"agent_id":"a"},"until":1}`), 400, []string{`"field":"until"`}, nil},
		{"snooze: a word", "snoozeConversation", desk("/snooze", `{"agent":{"agent_id":"a"},"until":"tomorrow"}`), 400, []string{`"field":"until"`}, nil},
		{"wake: awake already", "wakeConversation", desk("/wake", claimBody), 200, nil, nil},
		{"wake by nobody", "wakeConversation", desk("/wake", `{}`), 400, []string{`"field":"agent.agent_id"`}, nil},
		{"note", "addNote", desk("/notes", `{"agent":{"agent_id":"a"},"text":"call him","mentions":["b"]}`), 201, []string{`"message_id"`}, nil},
		{"note: empty", "addNote", desk("/notes", claimBody), 400, []string{`"field":"text"`}, nil},
		{"resolve", "resolveConversation", desk("/resolve", claimBody), 200, nil, nil},
		{"resolve without a body", "resolveConversation", desk("/resolve", ""), 200, nil, nil},
		{"resolve: agent without an id", "resolveConversation", desk("/resolve", `{"agent":{"agent_name":"Ann"}}`), 400, []string{`"field":"agent.agent_id"`}, nil},
		{"problem", "getProblem", func(string) ask { return ask{method: "GET", path: "/problems/rate-limited", key: "-"} }, 200, []string{`"status":429`}, nil},
		{"unknown problem", "getProblem", func(string) ask { return ask{method: "GET", path: "/problems/nothing", key: "-"} }, 404, []string{"/problems/not-found"}, nil},
	}
}

// TestScenarios runs the table, then what every operation shares, and counts:
// each operation of the description has had every answer it describes.
func TestScenarios(t *testing.T) {
	hook := &hooked{}
	st := start(t, withHook(hook), withSettings(func(s *session.Settings) { s.MaxPending = 2 }))
	for _, s := range scenarios() {
		t.Run(s.name, func(t *testing.T) {
			st := st.of(t)
			r := st.do(s.ask(st.create(orderSession))).want(s.status).has(s.has...).lacks(s.lacks...)
			if op := st.spec.operation(r.method, r.path); op == nil || op.Operation.OperationID != s.operation {
				t.Errorf("%s %s is not %s", r.method, r.path, s.operation)
			}
		})
	}
	t.Run("refusals of all", func(t *testing.T) { refusals(st.of(t)) })
	t.Run("races", func(t *testing.T) { races(st.of(t), hook) })
	t.Run("bound", func(t *testing.T) { bound(st.of(t), hook) })
	t.Run("people", func(t *testing.T) { everybody(st.of(t)) })
	t.Run("pushbacks", func(t *testing.T) { pushbacks(t, st.seen) })
	t.Run("files", func(t *testing.T) { fileScenarios(t, st.seen) })
	t.Run("webviews", func(t *testing.T) { pageScenarios(t, st.seen) })
	t.Run("broken", func(t *testing.T) { broken(st.of(t), hook) })
	t.Run("Chat API", func(t *testing.T) { chatScenarios(st.of(t), hook) })
	t.Run("draining", func(t *testing.T) { draining(st.of(t)) })
	for path, item := range st.spec.doc.Paths.Map() {
		if strings.HasPrefix(path, "/desk/") {
			continue // of another face, whose tests hold its answers against the description
		}
		for _, op := range item.Operations() {
			for status := range op.Responses.Map() {
				n, err := strconv.Atoi(status)
				must(t, err)
				if st.seen.answers[op.OperationID][n] == 0 {
					t.Errorf("%s never answered %d", op.OperationID, n)
				}
			}
		}
	}
}

// all lists one valid request of every operation.
func all(id string) []ask {
	return append(everyCall(id),
		ask{path: sessionsPath},
		ask{method: "GET", path: "/api/v1/integrations/shop/sessions"},
		ask{method: "GET", path: "/v1/web/shop", key: "-"},
		ask{method: "OPTIONS", path: "/v1/web/shop", key: "-"},
		ask{method: "GET", path: "/problems/conflict", key: "-"},
		ask{path: "/api/v1/pushbacks/" + id, key: "-"},
		ask{method: "GET", path: people + "?session_id=" + id},
		ask{method: "GET", path: people + "/export?session_id=" + id},
		ask{method: "DELETE", path: people + "?session_id=" + id},
		ask{method: "GET", path: "/api/v1/integrations/shop/erasures"},
	)
}

func refusals(st *stack) {
	id := st.create("")
	large := strings.Repeat(" ", session.MaxBody+1)
	for _, a := range all(id) {
		if a.key == "" {
			wrong := a
			wrong.key = "wrong"
			st.do(wrong).want(401).is(nil, "request_id")
			wrong.body = large
			st.do(wrong).want(413) // before the key is looked at
		}
		a.body = large
		st.do(a).want(413)
		a.chunked = true
		st.do(a).want(413)
	}
	for _, name := range []string{"018f3c5e-7b1a-7c3d-9e2f-0123456789ab", "nonsense", "00000000-0000-0000-0000-000000000000"} {
		for _, a := range everyCall(name) {
			st.do(a).want(404)
			if a.method != "GET" {
				a.body = "{broken"
				st.do(a).want(404) // the session counts before the body
			}
		}
	}
}

// races are the answers that depend on another request.
func races(st *stack, hook *hooked) {
	id := st.create("")
	st.do(ask{path: ours(id) + "/claim", body: claimBody}).want(200)
	st.do(ask{path: ours(id) + "/claim", body: `{"agent":{"agent_id":"a-2"}}`}).want(409).is("/problems/conflict", "type")
	st.do(ask{path: ours(id) + "/claim", body: `{"agent":{"agent_id":"a-2"},"transfer":true}`}).want(200)
	st.do(ask{path: ours(id) + "/snooze", body: `{"agent":{"agent_id":"a-2"},"until":"reply"}`}).want(200)
	st.do(ask{path: ours(id) + "/return", body: claimBody}).want(200)
	_, key := st.integration("beside", session.Settings{})
	for i, call := range []struct {
		change string // not one that runs beside
		ask
	}{
		{"create", ask{path: sessionsPath, body: `{"external_session_id":"race"}`}},
		{"accept", ask{path: one(id) + "/messages", body: `{"input":{"text":"hi"}}`}},
		{"record", ask{path: one(id) + "/messages/agent", body: agentBody}},
		{"handover", ask{path: one(id) + "/handover"}},
	} {
		a := call.ask
		a.header = keyed("race-" + strconv.Itoa(i))
		inside, leave := make(chan struct{}), make(chan struct{})
		hook.set(func(change string) error {
			if change == call.change {
				inside <- struct{}{}
				<-leave
			}
			return nil
		})
		first := make(chan *http.Response, 1)
		go func() {
			resp, err := st.server.Client().Do(st.request(a))
			if err != nil {
				st.t.Error(err)
			}
			first <- resp
		}()
		select {
		case <-inside:
		case <-time.After(patience):
			st.t.Fatalf("%s does not come to its change %q", a.path, call.change)
		}
		hook.set(func(string) error { return nil })
		st.do(a).refused(409, "request-in-progress")
		st.do(ask{path: "/v1/custom/beside/sessions", key: key, header: a.header}).want(201) // another's key
		close(leave)
		resp := <-first
		if resp.StatusCode/100 != 2 {
			st.t.Errorf("the first %s got %d", a.path, resp.StatusCode)
		}
		must(st.t, resp.Body.Close())
		// Afterwards the same request gets the first answer.
		if again := st.do(a).want(resp.StatusCode); again.header.Get("X-Request-Id") != resp.Header.Get("X-Request-Id") {
			st.t.Error("a repeat got another answer than the first call")
		}
		other := a
		other.path = strings.Replace(a.path, id, st.create(""), 1)
		if other.body = strings.Replace(a.body, "h", "H", 1); strings.HasSuffix(a.path, "/messages/agent") {
			other.body = strings.Replace(a.body, "hello", "other", 1)
		}
		if a.path == sessionsPath {
			other.body = "{}"
		}
		st.do(other).refused(422, "idempotency-mismatch")
	}
}

// bound fills a person's inbox: the lanes are stopped by a hook on the turns'
// own commits.
func bound(st *stack, hook *hooked) {
	id := st.create("")
	release := make(chan struct{})
	hook.set(func(name string) error {
		if name == "accept" || name == "view" {
			return nil
		}
		<-release
		return nil
	})
	message := ask{path: one(id) + "/messages", body: `{"input":{"text":"hi"},"context":{"kept":true}}`}
	for range 2 {
		st.do(message).want(202)
	}
	message.body = `{"input":{"text":"hi"},"context":{"lost":true}}`
	r := st.do(message).refused(429, "rate-limited").has("2 accepted")
	if r.header.Get("Retry-After") != "1" {
		st.t.Errorf("Retry-After %q", r.header.Get("Retry-After"))
	}
	close(release)
	hook.set(func(string) error { return nil })
	st.context(id).is(true, "context", "kept").is(nil, "context", "lost")
}

// pushbacks are used with a token alone. Its answers tell nothing of the client:
// script-api 2.8.
func pushbacks(t *testing.T, all *seen) {
	token, hook := session.NewID(time.Now()), &hooked{}
	st := start(t, withHook(hook), withBot(func(_ context.Context, turn *session.Turn) (*session.Decision, error) {
		if e := turn.Input.Event; e != nil {
			return say(e.Name + " " + string(e.Data)), nil
		}
		d := say("pay here")
		d.Pushes = []session.Push{{ID: token, DueMs: time.Now().Add(time.Hour).UnixMilli(), Event: "paid", Pushback: true}}
		return d, nil
	}))
	st.seen = all
	id := st.create("")
	st.do(ask{path: one(id) + "/messages", body: `{"input":{"text":"buy"}}`}).want(202)
	after := st.await(id, 1, session.EventMessageBot).Sequence
	path := "/api/v1/pushbacks/" + token.String()
	st.do(ask{path: path, key: "-", body: `[1]`}).want(400)
	st.do(ask{path: "/api/v1/pushbacks/" + id, key: "-"}).want(404)
	st.do(ask{path: "/api/v1/pushbacks/x", key: "-"}).want(404)
	release := make(chan struct{})
	hook.set(func(name string) error {
		if name == "turn" {
			<-release
		}
		return nil
	})
	st.do(ask{path: path, key: "-", body: `{"sum":450}`}).want(202).lacks(id)
	st.do(ask{path: path, key: "-"}).want(429).has("/problems/rate-limited")
	close(release)
	st.await(id, after, session.EventMessageBot)
	st.do(ask2("GET", ours(id)+"/messages")).want(200).has(`paid {\"sum\":450}`)
	hook.set(func(string) error { return errors.New("the disk said something private") })
	st.do(ask{path: path, key: "-"}).want(500).lacks("private")
	hook.set(func(string) error { return nil })
}

// broken is a store whose calls fail.
func broken(st *stack, hook *hooked) {
	id := st.create("")
	hook.set(func(string) error { return errors.New("the disk said something private") })
	for _, a := range all(id) {
		if a.key == "" {
			st.do(a).want(500).lacks("private")
		}
	}
	hook.set(func(string) error { return &session.Error{Code: session.CodeInternal, Message: "also private"} })
	st.do(ask{path: sessionsPath}).refused(500, "internal-server-error").lacks("private")
	hook.set(func(string) error { return session.Unavailable("the queue is full") })
	r := st.do(ask{path: sessionsPath}).refused(503, "unavailable")
	if r.header.Get("Retry-After") != "1" {
		st.t.Errorf("Retry-After %q", r.header.Get("Retry-After"))
	}
	hook.set(func(string) error { panic("a fault of ours") })
	st.do(ask{path: sessionsPath}).refused(500, "internal-server-error").lacks("fault of ours")
	if !strings.Contains(st.log.String(), "a fault of ours") || !strings.Contains(st.log.String(), "private") {
		st.t.Error("the log does not tell what broke")
	}
	hook.set(func(string) error { return nil })
	st.do(ask{path: sessionsPath}).want(201)
}

// draining comes last: the face takes nothing new any more.
func draining(st *stack) {
	id := st.create("")
	st.face.Drain()
	for _, a := range all(id) {
		reads := slices.Contains([]string{"GET", "OPTIONS"}, a.method)
		r := st.do(a)
		if reads && r.status >= 300 || !reads && r.status != 503 {
			st.t.Errorf("%s %s: %d", a.method, a.path, r.status)
		}
		if !reads && r.header.Get("Retry-After") == "" {
			st.t.Errorf("%s %s: no Retry-After", a.method, a.path)
		}
	}
	for _, a := range chatCalls(st.key, "s-5") {
		st.do(a).want(503).is("unavailable", "exception")
	}
}

func TestOtherMethodsAreRefused(t *testing.T) {
	st := start(t)
	for template, item := range st.spec.doc.Paths.Map() {
		if strings.HasPrefix(template, "/desk/") {
			continue
		}
		path := strings.NewReplacer("{integration_id}", "nowhere", "{session_id}", "x", "{pushback_id}", "x", "{code}", "x", "{token}", "x").Replace(template)
		var has []string
		for method := range item.Operations() {
			if has = append(has, method); method == "GET" {
				has = append(has, "HEAD")
			}
		}
		slices.Sort(has)
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} {
			if slices.Contains(has, method) {
				continue
			}
			r := st.do(ask{method: method, path: path, key: "-"}).want(405).has("method-not-allowed")
			allow := strings.Split(r.header.Get("Allow"), ", ")
			slices.Sort(allow)
			if !slices.Equal(allow, has) {
				t.Errorf("%s %s: Allow %v, want %v", method, path, allow, has)
			}
		}
	}
}

func TestUnknownRoutes(t *testing.T) {
	st := start(t)
	for _, path := range []string{"/", "/v1", "/v1/custom/shop/sessions/", "/v2/custom/shop/sessions", one("x"), "/favicon.ico"} {
		st.do(ask{method: "GET", path: path}).refused(404, "not-found")
	}
	for _, path := range []string{"/api/", "/api/v1/integrations/shop", "/api/v2/x"} {
		st.do(ask{method: "GET", path: path}).want(404).is("/problems/not-found", "type").is(404, "status")
	}
}
