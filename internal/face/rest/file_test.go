package rest

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"parley/internal/session"
)

const pdf = "%PDF-1.7\nreceipt of order 12345\n"

// local is the path and query of a URL that the server made.
func (st *stack) local(url string) string {
	st.t.Helper()
	path, ok := strings.CutPrefix(url, st.server.URL)
	if !ok {
		st.t.Fatalf("%q is not on this server", url)
	}
	return path
}

// reserve asks for a place for a file and returns its id and upload path.
func (st *stack) reserve(id, body string) (file, path string) {
	st.t.Helper()
	r := st.do(ask{path: one(id) + "/files/upload-url", body: body}).want(200)
	return r.str("file_id"), st.local(r.str("upload_url"))
}

func (st *stack) put(path, media, content string) *reply {
	st.t.Helper()
	return st.do(ask{method: "PUT", path: path, body: content, key: "-", header: http.Header{"Content-Type": {media}}})
}

func (st *stack) downloadPath(id, file string) string {
	st.t.Helper()
	r := st.do(ask{path: one(id) + "/files/download-url", body: `{"file_id":"` + file + `"}`}).want(200).is(file, "file_id")
	return st.local(r.str("download_url"))
}

// fetch reads what is no JSON, noted under an operation.
func (st *stack) fetch(operation string, a ask) (*http.Response, string) {
	st.t.Helper()
	resp, err := st.server.Client().Do(st.request(a))
	must(st.t, err)
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	must(st.t, err)
	st.seen.note(operation, resp.StatusCode)
	return resp, string(text)
}

func (st *stack) equal(what string, got, want any) {
	st.t.Helper()
	if !bytes.Equal(encode(got), encode(want)) {
		st.t.Errorf("%s: %v, want %v", what, got, want)
	}
}

const receiptFile = `{"filename":"receipt.pdf","content_type":"application/pdf"}`

func TestAcceptance13_FileUpAndDown(t *testing.T) {
	st := start(t)
	id := st.create(orderSession)
	file, upload := st.reserve(id, receiptFile)
	st.do(ask{path: one(id) + "/files/download-url", body: `{"file_id":"` + file + `"}`}).refused(404, "file-not-found")
	st.put(upload, "application/pdf; charset=binary", pdf).want(200).is(file, "file_id").is(len(pdf), "size")
	resp, text := st.fetch("getFile", ask{method: "GET", path: st.downloadPath(id, file), key: "-"})
	st.equal("bytes", text, pdf)
	for name, want := range map[string]string{
		"Content-Type": "application/pdf", "X-Content-Type-Options": "nosniff",
		"Content-Disposition":     `attachment; filename="receipt.pdf"; filename*=UTF-8''receipt.pdf`,
		"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
	} {
		st.equal(name, resp.Header.Get(name), want)
	}
	st.put(upload, "application/pdf", pdf).refused(409, "conflict")
}

func TestAcceptance14_UploadWithoutAType(t *testing.T) {
	st := start(t)
	id := st.create(orderSession)
	st.do(ask{path: one(id) + "/files/upload-url", body: `{"filename":"receipt.pdf"}`}).refused(400, "invalid-payload").has("content_type")
}

// fileScenarios has every answer that the description gives for files and
// receipts.
func fileScenarios(t *testing.T, all *seen) {
	st := start(t)
	st.seen = all
	id, other := st.create(orderSession), st.create("")
	at := one(id) + "/files/"
	for _, bad := range []string{
		`{"filename":"../a","content_type":"image/png"}`, `{"filename":"a\u0000","content_type":"image/png"}`,
		`{"filename":"a\\b","content_type":"image/png"}`, `{"filename":"` + strings.Repeat("x", 256) + `","content_type":"image/png"}`,
		`{"filename":"invoice\u202efdp.exe","content_type":"image/png"}`, `{"filename":"a","content_type":"png"}`,
		`{"filename":"a","content_type":"multipart/mixed"}`, `{"filename":7,"content_type":"image/png"}`, `{"filename":"a","content_type":"a/b","size":"1"}`,
	} {
		st.do(ask{path: at + "upload-url", body: bad}).refused(400, "invalid-payload")
	}
	st.do(ask{path: at + "upload-url", body: `{"filename":"a","content_type":"a/b","size":26214401}`}).refused(413, "payload-too-large")
	st.do(ask{path: at + "upload-url", body: receiptFile, key: "wrong"}).refused(401, "unauthorized")
	st.do(ask{path: one(session.NewID(time.Now()).String()) + "/files/upload-url", body: receiptFile}).refused(404, "session-not-found")
	key := http.Header{"Idempotency-Key": {"up-1"}, "Content-Type": {"application/json"}}
	first := st.do(ask{path: at + "upload-url", body: receiptFile, header: key}).want(200)
	st.equal("a repeat", st.do(ask{path: at + "upload-url", body: receiptFile, header: key}).want(200).text, first.text)
	st.do(ask{path: at + "upload-url", body: `{"filename":"b","content_type":"a/b"}`, header: key}).refused(422, "idempotency-mismatch")

	file, upload := st.reserve(id, `{"filename":"снимок.png","content_type":"image/png","size":12}`)
	st.put(upload, "image/jpeg", "\x89PNG\r\n\x1a\n1234").refused(400, "invalid-payload").has("Content-Type")
	st.put(upload, "image/png", "<svg onload=").refused(400, "invalid-payload").has("content_type")
	st.put(upload, "image/png", "\x89PNG\r\n\x1a\n12345").refused(400, "invalid-payload").has("size")
	st.put(strings.Replace(upload, "expires=", "expires=9", 1), "image/png", "x").refused(401, "unauthorized")
	st.put(st.local(st.files.UploadURL(session.NewID(time.Now()))), "image/png", "x").refused(404, "file-not-found")
	huge := strings.NewReader(strings.Repeat("x", session.MaxFileBytes+1))
	req := st.request(ask{method: "PUT", path: upload, key: "-", header: http.Header{"Content-Type": {"image/png"}}})
	req.Body, req.ContentLength = io.NopCloser(huge), int64(huge.Len())
	resp, err := st.server.Client().Do(req)
	must(t, err)
	_ = resp.Body.Close()
	all.note("putFile", resp.StatusCode)
	st.equal("a huge body", resp.StatusCode, 413)
	st.put(upload, "image/png", "\x89PNG\r\n\x1a\n1234").want(200)
	st.put(upload, "image/png", "\x89PNG\r\n\x1a\n1234").refused(409, "conflict")

	st.do(ask{path: one(other) + "/files/download-url", body: `{"file_id":"` + file + `"}`}).refused(404, "file-not-found")
	st.do(ask{path: at + "download-url", body: `{"file_id":"` + file + `"}`, key: "wrong"}).refused(401, "unauthorized")
	st.do(ask{path: at + "download-url", body: `{}`}).refused(400, "invalid-payload").has("file_id")
	down := st.downloadPath(id, file)
	resp, text := st.fetch("getFile", ask{method: "GET", path: down, key: "-", header: http.Header{"Range": {"bytes=1-3"}}})
	st.equal("range", []any{resp.StatusCode, text}, []any{206, "PNG"})
	st.equal("name", resp.Header.Get("Content-Disposition"), `attachment; filename="______.png"; filename*=UTF-8''%D1%81%D0%BD%D0%B8%D0%BC%D0%BE%D0%BA.png`)
	resp, _ = st.fetch("getFile", ask{method: "GET", path: down, key: "-"})
	st.equal("whole", resp.StatusCode, 200)
	st.do(ask{method: "GET", path: st.local(st.files.DownloadURL(session.NewID(time.Now()))), key: "-"}).refused(404, "file-not-found")
	st.do(ask{method: "OPTIONS", path: down, key: "-"}).want(204)
	st.do(ask{method: "OPTIONS", path: upload, key: "-"}).want(204)
	_, late := st.reserve(id, receiptFile)
	st.clock.advance(session.DownloadLife)
	st.do(ask{method: "GET", path: down, key: "-"}).refused(401, "unauthorized").has("expired")
	st.put(late, "application/pdf", pdf).refused(401, "unauthorized").has("expired")
	receipts(st, id)
	_, last := st.reserve(id, receiptFile)
	st.face.Drain()
	st.put(last, "application/pdf", pdf).refused(503, "unavailable")
}

func receipts(st *stack, id string) {
	st.t.Helper()
	for _, kind := range []string{"/messages/read", "/messages/delivered"} {
		st.do(ask{path: one(id) + kind}).want(200)
		st.do(ask{path: one(id) + kind, body: `{"message_ids":["nobody's"]}`}).want(200)
		st.do(ask{path: one(id) + kind, body: `{"message_ids":"all"}`}).refused(400, "invalid-payload").has("message_ids")
		st.do(ask{path: one(id) + kind, body: `{"message_ids":[` + strings.Repeat(`"x",`, 100) + `"x"]}`}).refused(400, "invalid-payload").has("100")
		st.do(ask{path: one(id) + kind, key: "wrong"}).refused(401, "unauthorized")
		st.do(ask{path: one(session.NewID(time.Now()).String()) + kind}).refused(404, "session-not-found")
	}
}

// Receipts only move forward, read implies delivered, and the back end's own
// are not told to its webhook.
func TestReceipts_MonotonicAndQuiet(t *testing.T) {
	st := start(t, withSettings(func(s *session.Settings) { s.WebhookURL = "https://hook.example/" }))
	id := st.create(orderSession)
	ann := session.Agent{ID: "ann", Name: "Ann"}
	handle, err := session.ParseID(id)
	must(t, err)
	said := func(text string) string {
		out, err := st.core.AgentMessage(t.Context(), st.in, handle, ann, session.Input{Text: text}, "")
		must(t, err)
		return out.Message.ID.String()
	}
	a, b := said("one"), said("two")
	before := st.context(id).get("expires_at")
	st.clock.advance(time.Second)
	st.do(ask{path: one(id) + "/messages/read", body: `{"message_ids":["` + a + `"]}`}).want(200)
	st.do(ask{path: one(id) + "/messages/delivered", body: `{"message_ids":["` + a + `"]}`}).want(200)
	st.do(ask{path: one(id) + "/messages/read"}).want(200)
	st.do(ask{path: one(id) + "/messages/read"}).want(200)
	st.equal("the session's end", st.context(id).get("expires_at"), before)
	var told []string
	v, err := st.core.View(t.Context(), st.in, handle)
	must(t, err)
	events, err := st.core.Events(t.Context(), v.Chain.ID, 0, 100)
	must(t, err)
	for _, ev := range events {
		if ev.Kind == session.EventMessageRead || ev.Kind == session.EventMessageDelivered {
			told = append(told, ev.Kind+string(ev.Body))
		}
	}
	st.equal("events", told, []string{`message:read{"message_ids":["` + a + `"],"quiet":true}`, `message:read{"message_ids":["` + b + `"],"quiet":true}`})
	// A person of the desk reads what the user wrote: that one is told.
	st.do(ask{path: one(id) + "/messages", body: `{"input":{"text":"hello"}}`}).want(202)
	st.await(id, 0, session.EventMessageUser)
	_, err = session.Reactions{Core: st.core}.Receive(t.Context(), st.in, handle, session.Receipt{Kind: session.ReceiptRead, By: &ann})
	must(t, err)
	due, err := st.store.Outbox().Claim(t.Context(), st.clock.Now().Add(time.Hour).UnixMilli(), 1, 100)
	must(t, err)
	for len(due) > 0 && due[0].Kind != "message:read" {
		must(t, st.store.Outbox().Settle(t.Context(), []session.Settlement{{ID: due[0].ID, Token: due[0].Token, Delivered: true}}))
		due, err = st.store.Outbox().Claim(t.Context(), st.clock.Now().Add(time.Hour).UnixMilli(), 1, 100)
		must(t, err)
	}
	if len(due) == 0 || !strings.Contains(string(due[0].Body), `"agent_id":"ann"`) {
		t.Errorf("the webhook was not told of the agent's receipt: %v", due)
	}
}

// A message may name an upload by its id or URL; the transcript and webhooks
// name the file, and every reading has a URL that works.
func TestAttachmentsAreFilesOfTheSession(t *testing.T) {
	st := start(t)
	id, other := st.create(orderSession), st.create("")
	file, upload := st.reserve(id, receiptFile)
	body := func(attachment string) string { return `{"input":{"attachments":[` + attachment + `]}}` }
	st.do(ask{path: one(id) + "/messages", body: body(`{"type":"file","id":"` + file + `"}`)}).refused(400, "invalid-payload")
	st.put(upload, "application/pdf", pdf).want(200)
	st.do(ask{path: one(other) + "/messages", body: body(`{"type":"file","id":"` + file + `"}`)}).refused(400, "invalid-payload")
	st.do(ask{path: one(id) + "/messages", body: body(`{"type":"image","id":"` + file + `"}`)}).want(202)
	st.do(ask{path: one(id) + "/messages", body: body(`{"type":"file","url":"` + st.server.URL + upload + `","title":"Mine"}`)}).want(202)
	st.await(id, 0, session.EventMessageUser)
	st.clock.advance(2 * session.DownloadLife)
	page := st.do(ask{method: "GET", path: ours(id) + "/messages"}).want(200)
	page.is("file", "messages", 0, "input", "attachments", 0, "type").is("receipt.pdf", "messages", 0, "input", "attachments", 0, "filename")
	resp, text := st.fetch("getFile", ask{method: "GET", path: st.local(page.str("messages", 0, "input", "attachments", 0, "url")), key: "-"})
	st.equal("an old attachment", []any{resp.StatusCode, text}, []any{200, pdf})
}

// An upload that is cut, or comes too slowly, leaves nothing, and its place is
// still free.
func TestUploadThatNeverEnds(t *testing.T) {
	st := start(t, func(s *setup) { s.patience = 2 * time.Second })
	id := st.create(orderSession)
	file, upload := st.reserve(id, receiptFile)
	for _, ending := range []func(net.Conn){
		func(c net.Conn) { _ = c.(*net.TCPConn).CloseWrite() }, // cut
		func(net.Conn) {}, // slow: nothing more comes
	} {
		conn, err := net.Dial("tcp", st.server.Listener.Addr().String())
		must(t, err)
		_, err = io.WriteString(conn, "PUT "+upload+" HTTP/1.1\r\nHost: x\r\nContent-Type: application/pdf\r\nContent-Length: 2000000\r\n\r\n"+pdf+strings.Repeat("x", 100000))
		must(t, err)
		ending(conn)
		must(t, conn.SetReadDeadline(time.Now().Add(patience)))
		answer, err := io.ReadAll(conn)
		must(t, err)
		must(t, conn.Close())
		if !strings.Contains(string(answer), "400 Bad Request") || !strings.Contains(string(answer), "did not arrive whole") {
			t.Errorf("answered with %q", answer)
		}
		st.do(ask{path: one(id) + "/files/download-url", body: `{"file_id":"` + file + `"}`}).refused(404, "file-not-found")
	}
	st.put(upload, "application/pdf", pdf).want(200)
}

// signer issues the tokens of an integration's back end.
func signer(t *testing.T) (public string, token func(sub string, life time.Duration, at time.Time) string) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	must(t, err)
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	must(t, err)
	public = string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	return public, func(sub string, life time.Duration, at time.Time) string {
		text, err := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims{"sub": sub, "iss": "shop", "exp": at.Add(life).Unix()}).SignedString(key)
		must(t, err)
		return text
	}
}

func TestAcceptance41_Survey(t *testing.T) { pageScenarios(t, &seen{}) }

// pageScenarios has every answer of the webview family.
func pageScenarios(t *testing.T, all *seen) {
	public, token := signer(t)
	st := start(t, withSettings(func(s *session.Settings) { s.IdentityKey, s.WebhookURL = public, "https://hook.example/" }),
		withSettings(func(s *session.Settings) { s.SubscribedEvents = []string{"conversation:rated"} }))
	st.seen = all
	id := st.create(orderSession)
	user := st.context(id).str("context", "user", "user_id")
	page := func(life time.Duration, sub string) http.Header {
		return http.Header{"Authorization": {"Bearer " + token(sub, life, st.clock.Now())}, "X-Moveo-Session-Id": {id}, "Content-Type": {"application/json"}}
	}
	good, old, foreign := page(4*time.Second, user), page(-time.Minute, user), page(4*time.Second, "somebody else")
	lost := good.Clone()
	lost.Set("X-Moveo-Session-Id", session.NewID(time.Now()).String())
	survey := `{"rating":4,"feedback":"kind","session_id":"` + id + `","timestamp":1764000000000}`
	for path, body := range map[string]string{
		"/v1/custom/shop/webview": `{"context":{"size":"XL","channels":{"x":1}},"trigger_node_id":"ordered"}`, "/v1/survey/shop": survey,
	} {
		st.do(ask{path: path, body: body, key: "-", header: old}).refused(401, "unauthorized")
		st.do(ask{path: path, body: body, key: "-", header: foreign}).refused(401, "unauthorized")
		st.do(ask{path: path, body: body, key: "-"}).refused(401, "unauthorized")
		st.do(ask{path: path, body: body, key: "-", header: lost}).refused(404, "session-not-found")
		st.do(ask{path: path, body: `[]`, key: "-", header: good}).refused(400, "invalid-payload")
		st.do(ask{method: "OPTIONS", path: path, key: "-"}).want(204)
	}
	r := st.do(ask{path: "/v1/custom/shop/webview", body: `{"context":{"size":"XL"},"trigger_node_id":"ordered"}`, key: "-", header: good}).want(200)
	r.is("XL", "context", "size")
	if ev := st.await(id, 0, session.EventMessageUser).Message.InputOf().Event; ev == nil || ev.Name != "ordered" {
		t.Errorf("the bot got %+v", ev)
	}
	st.do(ask{path: "/v1/web/shop/webview", body: `{"context":{"size":"L"}}`, key: "-", header: good}).want(200).is("L", "context", "size")
	resp, text := st.fetch("getPageContext", ask{method: "GET", path: "/v1/context/shop?channel=web", key: "-", header: good})
	if resp.StatusCode != http.StatusOK || !strings.Contains(text, `"size":"L"`) || strings.Contains(text, "+30") {
		t.Errorf("context: %d %s", resp.StatusCode, text)
	}
	st.do(ask{method: "GET", path: "/v1/context/shop", key: "-", header: old}).refused(401, "unauthorized")
	st.do(ask{method: "GET", path: "/v1/context/shop", key: "-", header: lost}).refused(404, "session-not-found")
	st.do(ask{method: "OPTIONS", path: "/v1/context/shop", key: "-"}).want(204)
	for _, bad := range []string{`{"rating":0}`, `{"rating":6}`, `{"rating":4.5}`, `{"rating":"4"}`, `{"rating":4,"feedback":"` + strings.Repeat("x", 281) + `"}`} {
		st.do(ask{path: "/v1/survey/shop", body: bad, key: "-", header: good}).refused(400, "invalid-payload")
	}
	good.Del("X-Moveo-Session-Id")
	st.do(ask{path: "/v1/survey/shop", body: survey, key: "-", header: good}).want(200)
	v, err := st.core.View(t.Context(), st.in, mustID(t, id))
	must(t, err)
	st.equal("stored", []any{v.Conversation.Rating, v.Conversation.Feedback}, []any{4, "kind"})
	due, err := st.store.Outbox().Claim(t.Context(), st.clock.Now().Add(time.Hour).UnixMilli(), 1000, 100)
	must(t, err)
	if len(due) != 1 || due[0].Kind != "conversation:rated" || !strings.Contains(string(due[0].Body), `"rating":4`) {
		t.Errorf("webhooks: %v", due)
	}
}
