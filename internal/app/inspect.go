package app

type sessionGroup struct {
	List  sessionList  `cmd:"" help:"List sessions, newest first."`
	Show  sessionShow  `cmd:"" help:"Show a session with its context and transcript."`
	Close sessionClose `cmd:"" help:"End a session, with reason api."`
}

type sessionList struct {
	store
	Integration string `name:"integration" help:"Only sessions of this integration."`
	Status      string `name:"status" enum:",active,closed,expired" default:"" help:"Only sessions with this status."`
	Stale       age    `name:"stale" placeholder:"AGE" help:"Only open sessions older than this, such as 30d or 12h, that no timer will ever end."`
	Limit       int    `name:"limit" default:"50" help:"At most so many."`
}

// Help shows an example.
func (sessionList) Help() string {
	return "Example:\n\n  parley session list --status active --limit 10\n  parley session list --stale 30d"
}

// Run lists sessions.
func (c *sessionList) Run(p *process) error {
	return p.ask(c.store, "session.list", named{Integration: c.Integration, Status: c.Status, Stale: c.Stale.seconds(), Limit: c.Limit},
		table("ID\tSTATUS\tREASON\tCREATED\tSUCCESSOR", columns("session_id", "status", "reason", "created_at", "successor_id")))
}

type sessionShow struct {
	store
	ID string `arg:"" help:"Id of the session."`
}

// Help shows an example.
func (sessionShow) Help() string {
	return "Example:\n\n  parley session show 0197f0a0-0000-7000-8000-000000000000"
}

// Run shows a session.
func (c *sessionShow) Run(p *process) error {
	return p.ask(c.store, "session.show", named{ID: c.ID}, nil)
}

type sessionClose struct {
	store
	ID string `arg:"" help:"Id of the session."`
}

// Help shows an example.
func (sessionClose) Help() string {
	return "Example:\n\n  parley session close 0197f0a0-0000-7000-8000-000000000000"
}

// Run closes a session.
func (c *sessionClose) Run(p *process) error {
	return p.ask(c.store, "session.close", named{ID: c.ID}, nil)
}

type turnGroup struct {
	List turnList `cmd:"" help:"List turns that ended as failed, newest first."`
}

type turnList struct {
	store
	Limit int `name:"limit" default:"50" help:"At most so many."`
}

// Help shows an example.
func (turnList) Help() string { return "Example:\n\n  parley turn list" }

// Run lists failed turns.
func (c *turnList) Run(p *process) error {
	return p.ask(c.store, "turn.list", named{Limit: c.Limit}, table("MESSAGE\tSESSION\tAT\tREASON", columns("message_id", "session_id", "at", "reason")))
}

type webhookGroup struct {
	List      webhookList      `cmd:"" help:"List dead letters, newest first."`
	Show      webhookShow      `cmd:"" help:"Show a dead letter with its body."`
	Redeliver webhookRedeliver `cmd:"" help:"Send a dead letter again, at once."`
	Ping      webhookPing      `cmd:"" help:"Send a signed test request."`
}

type webhookList struct {
	store
	Integration string `name:"integration" help:"Only of this integration."`
	Limit       int    `name:"limit" default:"50" help:"At most so many."`
}

// Help shows an example.
func (webhookList) Help() string { return "Example:\n\n  parley webhook list" }

// Run lists dead letters.
func (c *webhookList) Run(p *process) error {
	return p.ask(c.store, "webhook.list", named{Integration: c.Integration, Limit: c.Limit},
		table("ID\tEVENT\tATTEMPTS\tDIED\tERROR", columns("request_id", "event_type", "attempts", "died_at", "last_error")))
}

type webhookShow struct {
	store
	ID string `arg:"" help:"Id (request_id) of the webhook."`
}

// Help shows an example.
func (webhookShow) Help() string {
	return "Example:\n\n  parley webhook show 0197f0a0-0000-7000-8000-000000000000"
}

// Run shows a dead letter.
func (c *webhookShow) Run(p *process) error {
	return p.ask(c.store, "webhook.show", named{ID: c.ID}, nil)
}

type webhookRedeliver struct {
	store
	ID string `arg:"" help:"Id (request_id) of the webhook."`
}

// Help shows an example.
func (webhookRedeliver) Help() string {
	return "Example:\n\n  parley webhook redeliver 0197f0a0-0000-7000-8000-000000000000"
}

// Run sends a dead letter again.
func (c *webhookRedeliver) Run(p *process) error {
	return p.ask(c.store, "webhook.redeliver", named{ID: c.ID}, nil)
}

type webhookPing struct {
	store
	Integration string `name:"integration" required:"" help:"Id of the integration."`
}

// Help shows an example.
func (webhookPing) Help() string {
	return "Example:\n\n  parley webhook ping --integration 0197f0a0-0000-7000-8000-000000000000"
}

// Run sends a test request.
func (c *webhookPing) Run(p *process) error {
	return p.ask(c.store, "webhook.ping", named{Integration: c.Integration}, nil)
}

type botGroup struct {
	Deploy   botDeploy   `cmd:"" help:"Check, test and put a copy of a bot directory into service for new sessions."`
	Rollback botRollback `cmd:"" help:"Put an earlier release of a bot back into service."`
	Releases botReleases `cmd:"" help:"List the releases of a bot and the sessions on each."`
	List     botList     `cmd:"" help:"List the bots a server has loaded."`
	Reload   botReload   `cmd:"" help:"Load the bot directories again; one that does not parse leaves the running version in place."`
}

type botList struct{ store }

// Help shows an example.
func (botList) Help() string { return "Example:\n\n  parley bot list" }

// Run lists bots.
func (c *botList) Run(p *process) error { return p.ask(c.store, "bot.list", struct{}{}, nil) }

type botReload struct{ store }

// Help shows an example.
func (botReload) Help() string { return "Example:\n\n  parley bot reload --data ./parley-data" }

// Run reloads the bots.
func (c *botReload) Run(p *process) error { return p.ask(c.store, "bot.reload", struct{}{}, nil) }
