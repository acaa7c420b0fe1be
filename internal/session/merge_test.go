package session

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func doc(t *testing.T, text string) Document {
	t.Helper()
	d, err := ParseDocument([]byte(text), "")
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return d
}

func settings() *Settings {
	s := (Settings{}).WithDefaults(KindWeb)
	return &s
}

func TestMerge(t *testing.T) {
	t.Parallel()
	base := `{"user":{"email":"a@b.c","location":{"city":"Athens","country":"GR"}},"tags":["a"],"global":{},"channels":{},"n":1,"list":[1,2]}`
	for _, c := range []struct {
		name, patch, want string
		mode              MergeMode
	}{
		{"nested leaf", `{"user":{"location":{"city":"Paris"}}}`, `{"user":{"email":"a@b.c","location":{"city":"Paris","country":"GR"}},"tags":["a"],"global":{},"channels":{},"n":1,"list":[1,2]}`, MergeMoveo},
		{"array replaces, duplicates drop", `{"tags":["x","y","x"]}`, strings.Replace(base, `["a"]`, `["x","y"]`, 1), MergeMoveo},
		{"null is stored", `{"n":null}`, strings.Replace(base, `"n":1`, `"n":null`, 1), MergeMoveo},
		{"null tags", `{"tags":null}`, strings.Replace(base, `["a"]`, `[]`, 1), MergeMoveo},
		{"object over scalar", `{"n":{"x":1}}`, strings.Replace(base, `"n":1`, `"n":{"x":1}`, 1), MergeMoveo},
		{"scalar over object", `{"user":{"location":7}}`, strings.Replace(base, `{"city":"Athens","country":"GR"}`, `7`, 1), MergeMoveo},
		{"RFC 7396 deletes", `{"n":null,"user":{"email":null}}`, `{"user":{"location":{"city":"Athens","country":"GR"}},"tags":["a"],"global":{},"channels":{},"list":[1,2]}`, MergeRFC7396},
		{"RFC 7396 resets", `{"tags":null,"user":null}`, `{"user":{},"tags":[],"global":{},"channels":{},"n":1,"list":[1,2]}`, MergeRFC7396},
	} {
		d := doc(t, base)
		m, err := mergeInto(d, &Update{Patch: doc(t, c.patch), Mode: c.mode}, settings())
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if want := doc(t, c.want); !reflect.DeepEqual(map[string]any(m.doc), map[string]any(want)) || !m.changed {
			t.Errorf("%s: got %s, want %s", c.name, m.doc.JSON(), want.JSON())
		}
		if !reflect.DeepEqual(d, doc(t, base)) {
			t.Errorf("%s: the old document was changed", c.name)
		}
	}
}

func TestMerge_Refused(t *testing.T) {
	t.Parallel()
	base := doc(t, `{"user":{"location":{"latitude":1}},"tags":[],"global":{},"channels":{}}`)
	for _, c := range []struct {
		patch, field string
		u            Update
	}{
		{`{"user":null}`, "context.user", Update{}},
		{`{"user":[]}`, "context.user", Update{}},
		{`{"global":null}`, "context.global", Update{}},
		{`{"tags":"x"}`, "context.tags", Update{}},
		{`{"tags":[1]}`, "context.tags", Update{}},
		{`{"user":{"user_id":null}}`, "context.user.user_id", Update{Mode: MergeRFC7396}},
		{`{"channels":{"custom":null}}`, "context.channels.custom", Update{Mode: MergeRFC7396}},
		{`{"user":{"location":"here"}}`, "context.user.location", Update{Face: Face{Masked: true, Client: true}}},
		{`{"user":{"location":null}}`, "context.user.location", Update{Face: Face{Masked: true, Client: true}}},
	} {
		c.u.Patch = doc(t, c.patch)
		_, err := mergeInto(base, &c.u, settings())
		e, ok := err.(*Error)
		if !ok || e.Code != CodeInvalidPayload || e.Field != c.field {
			t.Errorf("%s: %v, want a refusal of %s", c.patch, err, c.field)
		}
	}
}

func TestMerge_FaceRules(t *testing.T) {
	t.Parallel()
	base := doc(t, `{"user":{"phone":"+30","user_id":"u"},"tags":[],"global":{},"channels":{}}`)
	patch := doc(t, `{"user":{"phone":"***","display_name":"Ada","user_id":"x","contact_id":"c"},"channels":{"a":1},"sys-x":1,"live_instructions":"obey"}`)
	m, err := mergeInto(base, &Update{Patch: patch, Face: Face{Masked: true, Client: true}}, settings())
	if err != nil {
		t.Fatal(err)
	}
	want := doc(t, `{"user":{"phone":"+30","user_id":"u","display_name":"Ada"},"tags":[],"global":{},"channels":{}}`)
	if !reflect.DeepEqual(map[string]any(m.doc), map[string]any(want)) {
		t.Errorf("got %s", m.doc.JSON())
	}
	if got := strings.Join(m.ignored, " "); got != "channels live_instructions sys-x user.contact_id user.phone user.user_id" {
		t.Errorf("ignored %s", got)
	}
	m, err = mergeInto(base, &Update{Patch: patch}, settings()) // REST, not masked
	if phone, _ := m.doc.At("user", "phone"); err != nil || phone != "***" || strings.Join(m.ignored, " ") != "sys-x" {
		t.Errorf("REST: %s, ignored %v, %v", m.doc.JSON(), m.ignored, err)
	}
}

func TestRedact(t *testing.T) {
	t.Parallel()
	d := doc(t, `{"user":{"phone":"+30","address":null,"ip":"","email":"a@b.c","display_name":"Ada","location":{"latitude":1,"city":"Athens"}}}`)
	got := settings().Redact(d)
	want := doc(t, `{"user":{"phone":"***","address":null,"ip":"","email":"a@b.c","display_name":"Ada","location":{"latitude":"***","city":"Athens"}}}`)
	if !reflect.DeepEqual(map[string]any(got), map[string]any(want)) {
		t.Errorf("got %s", got.JSON())
	}
	if phone, _ := d.At("user", "phone"); phone != "+30" {
		t.Error("the document itself was redacted")
	}
}

func TestParseDocument_Refused(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"a":`, MaxDocumentDepth+1) + "1" + strings.Repeat("}", MaxDocumentDepth+1)
	for text, field := range map[string]string{
		`{"a":1,"a":2}`:          "a",
		`{"x":{"b":1,"b":2}}`:    "x.b",
		`{"x":{"__proto__":{}}}`: "x.__proto__",
		`{"constructor":1}`:      "constructor",
		`[1]`:                    "",
		`{"a":1} x`:              "",
		`{"a":`:                  "",
		`{"a":01}`:               "",
		``:                       "",
		deep:                     strings.TrimSuffix(strings.Repeat("a.", MaxDocumentDepth), "."),
	} {
		_, err := ParseDocument([]byte(text), "")
		e, ok := err.(*Error)
		if !ok || e.Code != CodeInvalidPayload || e.Field != field {
			t.Errorf("%.40s: %v (field %v), want a refusal of %q", text, err, e, field)
		}
	}
}

func TestDocument_Limits(t *testing.T) {
	t.Parallel()
	big := Document{"user": map[string]any{}, "x": strings.Repeat("a", MaxDocumentBytes)}
	if err := big.checkSize(); CodeOf(err) != CodePayloadTooLarge {
		t.Errorf("%d bytes: %v", len(big.JSON()), err)
	}
	many := map[string]any{}
	for i := range MaxDocumentKeys + 1 {
		many[strings.Repeat("k", i+1)] = nil
	}
	if err := Document(many).checkSize(); CodeOf(err) != CodeInvalidPayload {
		t.Errorf("%d keys: %v", len(many), err)
	}
}

// FuzzMerge holds the laws of the merge: it never changes its arguments, says
// truly whether something differs, is idempotent, and a stored document reads
// back as it was.
func FuzzMerge(f *testing.F) {
	f.Add(`{"user":{"a":1}}`, `{"user":{"a":2},"tags":["x"]}`, false)
	f.Add(`{"a":{"b":null}}`, `{"a":null}`, true)
	f.Add(`{"a":[1]}`, `{"a":{"b":{}}}`, false)
	f.Fuzz(func(t *testing.T, old, patch string, rfc bool) {
		a, err := ParseDocument([]byte(old), "")
		if err != nil {
			return
		}
		p, err := ParseDocument([]byte(patch), "")
		if err != nil {
			return
		}
		before, beforePatch := string(a.JSON()), string(p.JSON())
		u := &Update{Patch: p}
		if rfc {
			u.Mode = MergeRFC7396
		}
		m, err := mergeInto(a, u, settings())
		if string(a.JSON()) != before || string(p.JSON()) != beforePatch {
			t.Fatal("an argument was changed")
		}
		if err != nil {
			return
		}
		if m.changed == (string(m.doc.JSON()) == before) {
			t.Fatalf("changed %v: %s -> %s", m.changed, before, m.doc.JSON())
		}
		again, err := mergeInto(m.doc, u, settings())
		if err != nil || again.changed {
			t.Fatalf("not idempotent: %s -> %s, %v", m.doc.JSON(), again.doc.JSON(), err)
		}
		back, err := loadDocument(m.doc.JSON())
		if err != nil || !reflect.DeepEqual(back, m.doc) {
			t.Fatalf("reads back as %s, %v", back.JSON(), err)
		}
		if std, err := json.Marshal(m.doc); err != nil || !sameJSON(std, m.doc.JSON()) {
			t.Fatalf("wrote %s, the standard library %s", m.doc.JSON(), std)
		}
	})
}

// sameJSON compares by value: the standard library escapes more characters.
func sameJSON(a, b []byte) bool {
	x, errX := loadDocument(a)
	y, errY := loadDocument(b)
	return errX == nil && errY == nil && reflect.DeepEqual(x, y)
}

func BenchmarkDocumentJSON(b *testing.B) {
	d := Document{"tags": []any{"a", "b"}, "global": map[string]any{"ref": "x"}, "channels": map[string]any{}}
	user := map[string]any{}
	for _, k := range []string{"user_id", "email", "phone", "display_name", "language", "timezone", "browser", "platform"} {
		user[k] = "some text of usual length"
	}
	d["user"] = user
	b.Run("own", func(b *testing.B) {
		for b.Loop() {
			d.JSON()
		}
	})
	b.Run("standard", func(b *testing.B) {
		for b.Loop() {
			_, _ = json.Marshal(d)
		}
	})
}

func BenchmarkParseDocument(b *testing.B) {
	body := []byte(`{"user":{"email":"jane@example.com","display_name":"Jane Smith"},"custom_fields":{"preferred_language":"el","tier":"gold"},"n":12345,"tags":["a","b"]}`)
	for b.Loop() {
		if _, err := ParseDocument(body, ""); err != nil {
			b.Fatal(err)
		}
	}
}

// FuzzParseDocument holds the parser to the standard library: what both accept
// has the same value, and what the library refuses is refused.
func FuzzParseDocument(f *testing.F) {
	for _, seed := range []string{
		`{"a":[1,-0.5e+3,true,false,null,"x\u0041\n"]}`, `{"a":{"b":{}}}`, `{"a":01}`, `{"a":"\ud800"}`, "{\"a\":\"\xff\"}", `{"a":1}x`, `{"a":"\q"}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ParseDocument([]byte(text), "")
		dec := json.NewDecoder(strings.NewReader(text))
		dec.UseNumber()
		var want map[string]any
		stdErr := dec.Decode(&want)
		if stdErr == nil && dec.More() || stdErr == nil && want == nil {
			return
		}
		if stdErr != nil && err == nil {
			t.Fatalf("accepted %q, the standard library: %v", text, stdErr)
		}
		if err == nil && !reflect.DeepEqual(map[string]any(got), want) {
			t.Fatalf("%q: got %v, want %v", text, got, want)
		}
	})
}
