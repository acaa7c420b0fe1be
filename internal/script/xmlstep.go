package script

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"parley/internal/session"
)

// step takes one element of a case: dialog-language 8.
func (c *caseRun) step(e *element) *complaint {
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
		c.visitor.vars.Position = statePath(e.text)
		return nil
	case "dateTime":
		return c.dateTime(e)
	case "random":
		return c.random(e)
	case "mockData", "mockService":
		m, wrong := readMock(e)
		if wrong == nil {
			c.mocks = append(c.mocks, m)
		}
		return wrong
	}
	return c.check(e)
}

func (c *caseRun) check(e *element) *complaint {
	check, known := map[string]func(*element) *complaint{
		"a": c.reply, "timeoutReply": c.timeoutReply, "newSession": c.newSession, "responseData": c.responseData, "mail": c.mail,
	}[e.name]
	switch {
	case !known:
		return fail(e, "<%s> is no element of a test case", e.name)
	case !c.sent && e.name != "timeoutReply":
		return fail(e, "<%s> stands before anything was sent", e.name)
	}
	return check(e)
}

func (c *caseRun) send(e *element, in session.Input) *complaint {
	if wrong := c.nothingLeft(); wrong != nil {
		return wrong
	}
	before := c.visitor.vars.Position
	d, done := c.visitor.send(c.ctx, in)
	c.visitor.given.forNext = forNext{}
	return c.sentStep(e, turnTaken{text: in.Text, context: before}, d, done)
}

// fire lets the armed timeout fire.
func (c *caseRun) fire(e *element) *complaint {
	if wrong := c.nothingLeft(); wrong != nil {
		return wrong
	}
	if c.visitor.timeout == nil || c.visitor.closed {
		return fail(e, "no timeout is armed")
	}
	before := c.visitor.vars.Position
	d, done := c.visitor.fire(c.ctx)
	return c.sentStep(e, turnTaken{context: before}, d, done)
}

// sentStep takes what a turn did over for the checks that follow. An error turn
// without an answer fails the case at once.
func (c *caseRun) sentStep(e *element, taken turnTaken, d *session.Decision, done *record) *complaint {
	if d == nil {
		return fail(e, "the run was stopped")
	}
	c.suite.seen.add(done)
	taken.class, taken.calls = done.class, done.calls
	c.turns = append(c.turns, taken)
	c.sent, c.from, c.last, c.texts, c.restarts, c.mails = true, e.line, done, nil, done.restarts, done.mails
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

// request sends a whole request; fields that are not known are dropped.
func (c *caseRun) request(e *element) *complaint {
	var r struct {
		Query       string                     `json:"query"`
		Event       string                     `json:"event"`
		TargetState string                     `json:"targetState"`
		Data        map[string]json.RawMessage `json:"data"`
		RawRequest  json.RawMessage            `json:"rawRequest"`
		ChannelType string                     `json:"channelType"`
		QuestionID  string                     `json:"questionId"`
	}
	value, wrong := objectOf(e)
	if wrong != nil {
		return wrong
	}
	if err := json.Unmarshal([]byte(marshal(value)), &r); err != nil {
		return fail(e, "the request has a field of the wrong type: %s", err)
	}
	in := session.Input{Text: r.Query}
	if r.Event != "" {
		in = session.Input{Event: &session.InputEvent{Name: r.Event}}
	}
	c.visitor.given.forNext = forNext{data: r.Data, targetState: r.TargetState, query: r.Query, channel: r.ChannelType, questionID: r.QuestionID}
	if r.RawRequest != nil {
		c.visitor.given.raw = r.RawRequest
	}
	return c.send(e, in)
}

// prepare sets what the next request or the client and session hold.
func (c *caseRun) prepare(e *element) *complaint {
	object, wrong := objectOf(e)
	if wrong != nil {
		return wrong
	}
	v := c.visitor
	name, _ := e.attr("var")
	switch name = strings.TrimPrefix(strings.TrimSpace(name), "$"); {
	case e.name == "requestData":
		v.given.data = map[string]json.RawMessage{}
		for field, value := range object {
			v.given.data[field] = json.RawMessage(marshal(value))
		}
	case e.name == "rawRequest":
		v.given.raw = json.RawMessage(marshal(object))
	case name == "client":
		client := *v.client
		client.Data = mergeJSON(client.Data, object)
		v.client = &client
	case name == "session":
		v.vars.Data = mergeJSON(v.vars.Data, object)
	default:
		return fail(e, `<context> needs var="client" or var="session"`)
	}
	return nil
}

// mergeJSON merges an object into one in JSON, deeply; fields of over win.
func mergeJSON(base []byte, over map[string]any) []byte {
	var into map[string]any
	if json.Unmarshal(base, &into) != nil || into == nil {
		into = map[string]any{}
	}
	return []byte(marshal(mergeObjects(into, over)))
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

func (c *caseRun) dateTime(e *element) *complaint {
	written := strings.Replace(strings.TrimSpace(e.text), "T", " ", 1)
	at, err := time.ParseInLocation(time.DateTime, written, time.UTC)
	if err != nil {
		return fail(e, "%q is no date and time: write yyyy-MM-dd HH:mm:ss", strings.TrimSpace(e.text))
	}
	c.visitor.now = at
	return nil
}

func (c *caseRun) random(e *element) *complaint {
	var list []int
	for _, part := range strings.FieldsFunc(e.text, func(r rune) bool { return strings.ContainsRune(", \t\r\n", r) }) {
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 {
			return fail(e, "%q is no number of a list such as 1, 2, 3", part)
		}
		list = append(list, n)
	}
	c.visitor.given.draws.list = list
	return nil
}
