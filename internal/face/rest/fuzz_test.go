package rest

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"parley/internal/blob"
	"parley/internal/face/intake"
	"parley/internal/session"
)

// bare returns a call that only decodes.
func bare(body []byte) *call {
	files := blob.New(blob.Config{Base: func() string { return "https://parley.example" }, Now: time.Now})
	f := New(Config{Files: files, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	r.Header.Set("Content-Type", intake.JSON)
	c := f.newCall(&route{}, httptest.NewRecorder(), r)
	c.body.Bytes = body
	return c
}

// FuzzBody: no body panics; what is refused is refused as a payload; what is
// taken has an input within the limits.
func FuzzBody(f *testing.F) {
	for _, seed := range []string{
		"", "{}", orderSession, agentBody, `{"input":{"text":"a","attachments":[{"type":"file","url":"https://x/","mime_type":"a/b"}]}}`,
		`{"input":{"event":{"name":"x","data":{"a":[1,null,"\u0000"]}}}}`, `{"input":{"attachments":[null,1,[]]},"agent":7}`, "{\"input\":\xff}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		c := bare(raw)
		body, err := c.body.envelope()
		if err == nil {
			input, by := inputOf(c, body), agentOf(body)
			if err = body.err(); err == nil && (input.Empty() || by.ID == "") {
				t.Errorf("%q is taken as %+v of %+v", raw, input, by)
			}
		}
		if err != nil && session.CodeOf(err) != session.CodeInvalidPayload {
			t.Errorf("%q: %v", raw, err)
		}
	})
}

// FuzzIfMatch: every condition that is taken can be written again.
func FuzzIfMatch(f *testing.F) {
	const tag = `"018f3c5e-7b1a-7c3d-9e2f-0123456789ab:7"`
	for _, seed := range []string{"*", tag, tag + "," + tag, "W/" + tag, `"`, `""`, ",", `"018f3c5e-7b1a-7c3d-9e2f-0123456789ab:-7"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		p, err := ifMatch(http.Header{"If-Match": {value}})
		if err != nil {
			if session.CodeOf(err) != session.CodeInvalidPayload || len(value) > 0 && value == tag {
				t.Errorf("%q: %v", value, err)
			}
			return
		}
		if p.any == (len(p.tags) > 0) {
			t.Fatalf("%q is %+v", value, p)
		}
		for _, tag := range p.tags {
			if text := etag(tag.Session, tag.Version); tag.Version < 1 || !tag.Session.IsZero() && !strings.Contains(strings.ToLower(value), text) {
				t.Errorf("%q holds no %s", value, text)
			}
		}
	})
}

func TestKeptAnswersComeBack(t *testing.T) {
	c := bare(nil)
	for _, a := range []answer{
		{status: 201, etag: `"018f3c5e-7b1a-7c3d-9e2f-0123456789ab:7"`, body: []byte("{\"a\":\"\\n\"}")},
		{status: 202, body: []byte("two\nlines")},
		{status: 200, body: []byte{}},
	} {
		got, err := recall(a.keep(c.id))
		must(t, err)
		if got.status != a.status || got.etag != a.etag || !bytes.Equal(got.body, a.body) || got.request != c.id.String() {
			t.Errorf("%+v came back as %+v", a, got)
		}
	}
	for _, broken := range []string{"", "200", "200 x", "x y z\n{}", "200 a b c\n"} {
		if _, err := recall([]byte(broken)); err == nil {
			t.Errorf("%q is taken for an answer", broken)
		}
	}
}
