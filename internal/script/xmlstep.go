package script

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"parley/internal/dialog"
	"parley/internal/session"
)

// step takes one element of a case.
func (c *caseRun) step(e *element) error {
	switch e.name {
	case "q":
		return c.send(e, session.Input{Text: strings.TrimSpace(e.text)})
	case "event":
		return c.send(e, session.Input{Event: &session.InputEvent{Name: strings.TrimSpace(e.text)}})
	case "request":
		return c.request(e)
	case "timeout":
		return c.fire(e)
	case "requestData", "rawRequest", "context":
		return c.prepare(e)
	case "state":
		c.visitor.vars.Position = dialog.Resolve("/", e.text)
		return nil
	case "dateTime":
		return c.dateTime(e)
	case "random":
		return c.random(e)
	}
	return c.check(e)
}

func (c *caseRun) check(e *element) error {
	if !c.sent {
		switch e.name {
		case "a", "newSession", "responseData":
			return fail(e, "<%s> stands before anything was sent", e.name)
		}
	}
	switch e.name {
	case "a":
		return c.reply(e)
	case "timeoutReply":
		return c.timeoutReply(e)
	case "newSession":
		return c.newSession(e)
	case "responseData":
		return c.responseData(e)
	}
	return &complaint{line: e.line, message: "<" + e.name + "> is not known", skip: true}
}

func (c *caseRun) send(e *element, in session.Input) error {
	if err := c.nothingLeft(); err != nil {
		return err
	}
	d, done := c.visitor.send(c.ctx, in)
	c.visitor.given.data, c.visitor.given.targetState = nil, ""
	return c.sentStep(e, d, done)
}

// fire lets the armed timeout fire.
func (c *caseRun) fire(e *element) error {
	if err := c.nothingLeft(); err != nil {
		return err
	}
	if c.visitor.timeout == nil || c.visitor.closed {
		return fail(e, "no timeout is armed")
	}
	d, done := c.visitor.fire(c.ctx)
	return c.sentStep(e, d, done)
}

// sentStep takes what a turn did over for the checks that follow. An error turn
// without an answer fails the case at once.
func (c *caseRun) sentStep(e *element, d *session.Decision, done *record) error {
	if d == nil {
		return fail(e, "the run was stopped")
	}
	c.sent, c.from, c.last, c.texts, c.restarts = true, e.line, done, nil, done.restarts
	for _, one := range done.replies {
		if one["type"] == "text" {
			c.texts = append(c.texts, one)
		}
	}
	if f := d.Failure; f != nil && len(c.texts) == 0 {
		where := ""
		if f.Where != "" {
			where = " at " + f.Where
		}
		return fail(e, "the turn failed in the state %s%s: %s", f.State, where, f.Message)
	}
	return nil
}

// request sends a whole request.
func (c *caseRun) request(e *element) error {
	var r struct {
		Query       string                     `json:"query"`
		Event       string                     `json:"event"`
		TargetState string                     `json:"targetState"`
		Data        map[string]json.RawMessage `json:"data"`
		RawRequest  json.RawMessage            `json:"rawRequest"`
	}
	if err := json.Unmarshal([]byte(e.text), &r); err != nil {
		return fail(e, "the request is no JSON object: %s", err)
	}
	in := session.Input{Text: r.Query}
	if r.Event != "" {
		in = session.Input{Event: &session.InputEvent{Name: r.Event}}
	}
	c.visitor.given.data, c.visitor.given.targetState = r.Data, r.TargetState
	if r.RawRequest != nil {
		c.visitor.given.raw = r.RawRequest
	}
	return c.send(e, in)
}

// prepare sets what the next request or the client and session hold.
func (c *caseRun) prepare(e *element) error {
	var object map[string]json.RawMessage
	if err := json.Unmarshal([]byte(e.text), &object); err != nil {
		return fail(e, "<%s> holds no JSON object: %s", e.name, err)
	}
	v := c.visitor
	switch name, _ := e.attr("var"); {
	case e.name == "requestData":
		v.given.data = object
	case e.name == "rawRequest":
		v.given.raw = json.RawMessage(strings.TrimSpace(e.text))
	case name == "client":
		client := *v.client
		client.Data = mergeJSON(client.Data, []byte(e.text))
		v.client = &client
	case name == "session":
		v.vars.Data = mergeJSON(v.vars.Data, []byte(e.text))
	default:
		return fail(e, `<context> needs var="client" or var="session"`)
	}
	return nil
}

// mergeJSON merges objects deeply; fields of over win.
func mergeJSON(base, over []byte) []byte {
	var a, b map[string]any
	if json.Unmarshal(base, &a) != nil || a == nil {
		a = map[string]any{}
	}
	_ = json.Unmarshal(over, &b) // the caller has parsed it
	return []byte(marshal(mergeObjects(a, b)))
}

func mergeObjects(base, over map[string]any) map[string]any {
	for name, value := range over {
		inner, isObject := value.(map[string]any)
		below, both := base[name].(map[string]any)
		if isObject && both {
			value = mergeObjects(below, inner)
		}
		base[name] = value
	}
	return base
}

func (c *caseRun) dateTime(e *element) error {
	at, err := time.ParseInLocation("2006-01-02 15:04:05", strings.TrimSpace(e.text), time.UTC)
	if err != nil {
		return fail(e, "%q is no date and time: write yyyy-MM-dd HH:mm:ss", strings.TrimSpace(e.text))
	}
	c.visitor.now = at
	return nil
}

func (c *caseRun) random(e *element) error {
	var list []int
	for _, part := range strings.FieldsFunc(e.text, func(r rune) bool { return strings.ContainsRune(", \t\r\n", r) }) {
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 {
			return fail(e, "%q is no number of a list such as 1, 2, 3", part)
		}
		list = append(list, n)
	}
	c.draws.list = list
	return nil
}
