package script

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"parley/internal/session"
)

// bindHTTP binds $http: script-api 2.4.
func (m *vm) bindHTTP() {
	m.Bind("http", func(args []any) (any, error) { return caller{m.run}.http(text(args, 0)) })
}

// httpRequest is a call as a script asked for it.
type httpRequest struct {
	Method      string                     `json:"method"`
	Template    string                     `json:"template"` // the address before Query went into it
	URL         string                     `json:"url"`
	Query       map[string]json.RawMessage `json:"query"`
	Headers     map[string]json.RawMessage `json:"headers"`
	Body        json.RawMessage            `json:"body"` // nil for none
	Form        map[string]json.RawMessage `json:"form"`
	FileURL     string                     `json:"fileUrl"`
	FileName    string                     `json:"fileName"`
	DataType    string                     `json:"dataType"`
	TimeoutMs   float64                    `json:"timeout"`
	CacheSecond float64                    `json:"cache"` // 0 for no caching
	OAuth       *oauth                     `json:"oauth2ResourceDetail"`
}

// httpAnswer is what came back. Kind is "json", "xml", "text" or "" for what the
// headers say.
type httpAnswer struct {
	Status int
	Kind   string
	Header http.Header
	Body   []byte
}

// httpResult is what a script gets.
type httpResult struct {
	IsOk     bool            `json:"isOk"`
	Status   int             `json:"status"`
	Data     json.RawMessage `json:"data"`
	Error    any             `json:"error"`
	Response any             `json:"response"`
}

// dump is the field response of a result.
type dump struct {
	Status  int            `json:"status"`
	Headers map[string]any `json:"headers"`
	Data    string         `json:"data"`
}

func noAnswer(message string) *httpResult {
	return &httpResult{Status: -1, Error: message, Response: struct{}{}}
}

// http makes one call; what goes wrong outside is a result, not an error.
func (r caller) http(options string) (any, error) {
	q := &httpRequest{}
	if err := json.Unmarshal([]byte(options), q); err != nil {
		return nil, fmt.Errorf("$http: the settings are not as documented: %w", err)
	}
	if err := q.complete(); err != nil {
		return nil, err
	}
	key := ""
	if q.CacheSecond > 0 && r.given.http == nil {
		key = q.cacheKey()
		if hit := r.bot.outside.cache.get(key, r.turn.Now()); hit != "" {
			return hit, nil
		}
	}
	result, err := r.call15(q)
	if err != nil {
		return nil, err
	}
	out := marshal(result)
	if key != "" && result.IsOk {
		r.bot.outside.cache.put(key, out, r.turn.Now(), time.Duration(q.CacheSecond*float64(time.Second)))
	}
	return out, nil
}

// call15 makes the call unless the turn has made too many.
func (r caller) call15(q *httpRequest) (*httpResult, error) {
	if !r.mayCall() {
		r.log.Warn("too many calls in one request", "bot", r.bot.name, "session", r.sessionID(), "state", r.state, "limit", session.HTTPCallsPerTurn)
		return noAnswer("Callback limit reached"), nil
	}
	answer, err := r.exchange(q)
	var end *stopped
	switch {
	case errors.As(err, &end):
		return nil, err
	case err != nil:
		reason := r.bot.masked(err.Error())
		r.log.Warn("a call failed", "bot", r.bot.name, "session", r.sessionID(), "state", r.state, "error", reason)
		return noAnswer(reason), nil
	}
	return q.result(answer), nil
}

// exchange asks the test, else the world.
func (r caller) exchange(q *httpRequest) (*httpAnswer, error) {
	if r.given.http != nil {
		answer, ok := r.given.http(q)
		if ok {
			r.record.calls = append(r.record.calls, httpCall{request: q, mocked: true})
			return answer, nil
		}
	}
	if r.bot.options.Testing && !r.given.real {
		r.record.calls = append(r.record.calls, httpCall{request: q})
		return nil, fmt.Errorf("no <mockData> answers %s %s", q.Method, q.URL)
	}
	r.record.calls = append(r.record.calls, httpCall{request: q, real: true})
	var answer *httpAnswer
	err := r.waiting(r.timeoutOf(q), func(ctx context.Context) (err error) {
		answer, err = r.send(ctx, q)
		return err
	})
	return answer, err
}

// timeoutOf is the limit of one call: script-api 2.4.
func (r caller) timeoutOf(q *httpRequest) time.Duration {
	if q.TimeoutMs <= 0 {
		return session.HTTPCallDefault
	}
	if q.TimeoutMs > float64(session.ScriptWaitTime.Milliseconds()) {
		r.log.Warn("the timeout of a call is too long and was shortened", "bot", r.bot.name, "state", r.state,
			"timeout", q.TimeoutMs, "limit", session.ScriptWaitTime.Milliseconds())
		return session.ScriptWaitTime
	}
	return time.Duration(q.TimeoutMs * float64(time.Millisecond))
}

// send makes the call.
func (r caller) send(ctx context.Context, q *httpRequest) (*httpAnswer, error) {
	out := r.bot.outside
	if q.OAuth != nil {
		if err := out.authorise(ctx, q); err != nil {
			return nil, err
		}
	}
	body, contentType, err := q.payload(ctx, out)
	if err != nil {
		return nil, err
	}
	if _, err := out.guard.CheckURL(q.URL); err != nil {
		return nil, fmt.Errorf("the address %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, q.Method, q.URL, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if len(body) == 0 {
		req.Body, req.ContentLength = nil, 0
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	req.Header.Set("User-Agent", "Parley")
	req.Header.Set("Idempotency-Key", r.callKey())
	req.Header.Set("X-Parley-Attempt", strconv.Itoa(r.turn.Attempt))
	for name, value := range q.Headers {
		req.Header.Set(name, plain(value))
	}
	return out.do(req)
}

// do sends a request and reads the answer.
func (o *outside) do(req *http.Request) (*httpAnswer, error) {
	resp, err := o.client.Do(req)
	if err != nil {
		return nil, callError(req.Context(), err)
	}
	defer resp.Body.Close()
	content, err := io.ReadAll(io.LimitReader(resp.Body, session.MaxHTTPAnswerBytes+1))
	if err != nil {
		return nil, callError(req.Context(), err)
	}
	if len(content) > session.MaxHTTPAnswerBytes {
		return nil, fmt.Errorf("the answer is larger than %d bytes", session.MaxHTTPAnswerBytes)
	}
	return &httpAnswer{Status: resp.StatusCode, Header: resp.Header, Body: content}, nil
}

func callError(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return errors.New("no answer in time")
	}
	return err
}

// result is what the script gets of an answer.
func (q *httpRequest) result(a *httpAnswer) *httpResult {
	body := a.Body
	kind := q.kind(a)
	if kind != kindXML { // which names its character set itself
		body = inUTF8(a.Header.Get("Content-Type"), body)
	}
	out := &httpResult{IsOk: a.Status >= 200 && a.Status <= 299, Status: a.Status}
	out.Response = dump{Status: a.Status, Headers: headers(a.Header), Data: string(body)}
	if !out.IsOk {
		out.Error = string(body)
		if len(a.Body) == 0 {
			out.Error = strings.TrimSpace(strconv.Itoa(a.Status) + " " + http.StatusText(a.Status))
		}
		return out
	}
	out.Data = parseBody(kind, body)
	return out
}

// kind is how the answer is read: as the test says, as the script says, else
// XML where the headers say so and JSON everywhere else.
func (q *httpRequest) kind(a *httpAnswer) string {
	if a.Kind != "" {
		return a.Kind
	}
	if q.DataType != "" {
		return q.DataType
	}
	media, _, _ := mime.ParseMediaType(a.Header.Get("Content-Type"))
	if strings.HasSuffix(media, "/xml") || strings.HasSuffix(media, "+xml") {
		return kindXML
	}
	return kindJSON
}

const (
	kindJSON = "json"
	kindXML  = "xml"
	kindText = "text"
)

// parseBody is the body as a JSON value; what is not of its kind is a text.
func parseBody(kind string, body []byte) json.RawMessage {
	switch kind {
	case kindJSON:
		trimmed := bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff")))
		if len(trimmed) == 0 {
			return nil
		}
		if json.Valid(trimmed) { // which also bounds the depth
			return trimmed
		}
	case kindXML:
		if value, err := xmlValue(body); err == nil {
			return json.RawMessage(marshal(value))
		}
	}
	return json.RawMessage(marshal(string(body)))
}

func headers(h http.Header) map[string]any {
	all := map[string]any{}
	for name, values := range h {
		all[name] = values[0]
		if len(values) > 1 {
			all[name] = values
		}
	}
	return all
}
