package desk

import (
	"cmp"
	"slices"

	"parley/internal/desk"
	"parley/internal/session"
)

// Canned replies are their owner's, or everybody's where they have none. The
// latter are made and changed by managers.

// shownReply is a canned reply, with its text for one thread where one was
// named.
type shownReply struct {
	*desk.CannedReply
	Rendered *string `json:"rendered,omitempty"`
}

func listCannedReplies(c *call) (answer, error) {
	all, err := c.face.cfg.Desk.CannedReplies(c.ctx)
	if err != nil {
		return answer{}, err
	}
	values, named, err := templateValues(c)
	if err != nil {
		return answer{}, err
	}
	shown := []shownReply{}
	for _, reply := range all {
		if !mayUse(c, reply.Owner) {
			continue
		}
		one := shownReply{CannedReply: reply}
		if t, err := desk.ParseTemplate(reply.Text); named && err == nil {
			text := t.Render(values)
			one.Rendered = &text
		}
		shown = append(shown, one)
	}
	return ok(map[string]any{"canned_replies": shown})
}

// templateValues are what variables stand for in the thread of the query, as
// its visitor may read them: what is masked stays masked whoever asks, since
// the text goes out.
func templateValues(c *call) (v desk.Values, named bool, err error) {
	id, err := threadParameter(c)
	if err != nil || id.IsZero() {
		return v, false, err
	}
	t, err := c.face.thread(c.ctx, id)
	if err != nil {
		return v, false, err
	}
	doc := t.in.Settings.Redact(t.view.Document)
	name, _ := doc.At("user", "display_name")
	v.ClientName, _ = name.(string)
	v.AgentName, v.Context = c.caller.Agent.Name, doc.JSON()
	return v, true, nil
}

// mayUse reports whether something of an owner is the caller's too.
func mayUse(c *call, owner string) bool { return owner == "" || owner == c.caller.Agent.ID }

// ownerOf decides who owns something after a request that may say shared; was is
// the owner so far. What all share is the managers'.
func ownerOf(c *call, was string, shared *bool) (string, error) {
	owner := was
	if shared != nil {
		owner = c.caller.Agent.ID
		if *shared {
			owner = ""
		}
	}
	if owner == "" || was == "" {
		return owner, c.caller.May(desk.PermissionManage)
	}
	return owner, nil
}

// replyFields are what a request may say of a canned reply.
type replyFields struct {
	Shortcut   *string `json:"shortcut"`
	Text       *string `json:"text"`
	Department *string `json:"department"`
	Shared     *bool   `json:"shared"` // everybody's
	whole
}

func createCannedReply(c *call) (answer, error) {
	return saveCannedReply(c, &desk.CannedReply{ID: c.id.String(), Owner: c.caller.Agent.ID}, created)
}

func changeCannedReply(c *call) (answer, error) {
	reply, err := cannedReplyOf(c)
	if err != nil {
		return answer{}, err
	}
	return saveCannedReply(c, reply, ok)
}

// saveCannedReply saves what a reply is after the request.
func saveCannedReply(c *call, was *desk.CannedReply, answers func(any) (answer, error)) (answer, error) {
	var in replyFields
	if err := c.into(&in); err != nil {
		return answer{}, err
	}
	reply := *was
	assign(&reply.Shortcut, in.Shortcut)
	assign(&reply.Text, in.Text)
	assign(&reply.Department, in.Department)
	var err error
	if reply.Owner, err = ownerOf(c, was.Owner, in.Shared); err != nil {
		return answer{}, err
	}
	if err := cmp.Or(reply.Check(), checkDepartment(c, "department", reply.Department)); err != nil {
		return answer{}, err
	}
	c.face.saving.Lock() // the checks hold until it is saved
	defer c.face.saving.Unlock()
	if err := checkReplies(c, &reply); err != nil {
		return answer{}, err
	}
	if err := c.face.cfg.Desk.SaveCannedReply(c.ctx, &reply); err != nil {
		return answer{}, err
	}
	return answers(reply)
}

// checkReplies refuses a shortcut that is taken, and one reply too many.
func checkReplies(c *call, reply *desk.CannedReply) error {
	all, err := c.face.cfg.Desk.CannedReplies(c.ctx)
	if err != nil {
		return err
	}
	known := false
	for _, other := range all {
		known = known || other.ID == reply.ID
		if other.ID != reply.ID && other.Owner == reply.Owner && other.Shortcut == reply.Shortcut {
			return &session.Error{Code: session.CodeConflict, Field: "shortcut", Message: "another reply has this shortcut"}
		}
	}
	if !known && len(all) >= session.MaxCannedReplies {
		return session.Invalid("canned_replies", "there are already %d", session.MaxCannedReplies)
	}
	return nil
}

// checkDepartment refuses an id that no department has; "" is none.
func checkDepartment(c *call, field, id string) error {
	if _, found := c.face.cfg.People.Department(id); id != "" && !found {
		return session.Invalid(field, "there is no department %q", id)
	}
	return nil
}

// cannedReplyOf finds the one of the path, if the caller may use it.
func cannedReplyOf(c *call) (*desk.CannedReply, error) {
	all, err := c.face.cfg.Desk.CannedReplies(c.ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(r *desk.CannedReply) bool { return r.ID == c.r.PathValue("reply_id") && mayUse(c, r.Owner) })
	if i < 0 {
		return nil, gone("canned reply")
	}
	return all[i], nil
}

func deleteCannedReply(c *call) (answer, error) {
	reply, err := cannedReplyOf(c)
	if err == nil && reply.Owner == "" {
		err = c.caller.May(desk.PermissionManage)
	}
	if err == nil {
		err = c.face.cfg.Desk.DeleteCannedReply(c.ctx, reply.ID)
	}
	if err != nil {
		return answer{}, err
	}
	return done()
}
