package session

import "time"

// Limits of the product: contract (f), the one table. A limit that is a
// setting stands here as its default.
const (
	// Sessions and timers.
	DefaultSessionTimeout    = 86400 * time.Second // custom integration
	DefaultWebSessionTimeout = 3600 * time.Second
	MinSessionTimeout        = 60 * time.Second
	MaxSessionTimeout        = 1296000 * time.Second
	DefaultWebKeepAlive      = 300 * time.Second
	TimerAccuracy            = time.Second
	EventRetention           = 7 * 24 * time.Hour
	MaxRetentionDays         = 3650
	ReconnectMessages        = 100
	ReconnectSessions        = 20 // of a chain, whose messages a reconnect gathers
	ChainsPerSocket          = 4

	// REST and sockets.
	PingInterval          = 10 * time.Second
	PingTimeout           = 5 * time.Second
	MaxBody               = 1 << 20   // bytes of a REST body
	MaxSocketPayload      = 1_000_000 // bytes of a socket packet
	MaxDocumentBytes      = 256 << 10 // context after a merge
	MaxDocumentDepth      = 32
	MaxDocumentKeys       = 2000
	MaxTextChars          = 16_000
	MaxAttachments        = 10
	MaxExternalIDChars    = 256 // external_session_id, channel_user_id
	MaxClientMessageChars = 128 // client_message_id, event name
	MaxChatClientChars    = 200 // clientId
	// ChatAnswerTime is how long a request of the Chat API waits: longer than a
	// turn can take.
	ChatAnswerTime        = EngineWait + ScriptRunTime + ScriptWaitTime + 3*time.Second
	MaxSnooze             = 90 * 24 * time.Hour
	MaxMentions           = 50 // agents named in a note
	MaxAgentIDBytes       = 128
	RepeatMemory          = 24 * time.Hour
	SocketEventsPerSecond = 20
	SocketEventsBurst     = 40
	SocketRefusals        = 10 // refused events before the transport is closed
	MaxPendingMessages    = 32 // accepted messages of one client without a committed turn
	StoreQueue            = 4096

	// Receipts and ratings.
	MaxReceiptMessages = 100 // ids in one receipt, and in its event
	MinRating          = 1
	MaxRating          = 5
	MaxFeedbackChars   = 280

	// The web configuration (contract a.13).
	MaxWebTextChars = 4000
	MaxWebFields    = 50 // of the visitor form

	// Files.
	MaxFileBytes      = 25 << 20
	MaxFileNameChars  = 255
	MaxMediaTypeChars = 127
	UploadLife        = 15 * time.Minute // of an upload URL
	DownloadLife      = 60 * time.Minute // of a download URL
	UploadTime        = 15 * time.Minute // one upload may take so long, while bytes keep coming
	UploadsAtOnce     = 64
	UploadsOfClient   = 8              // of them, of one client
	UnusedFiles       = 100            // of one client: asked for or uploaded, and named by no message
	UnusedFileLife    = 24 * time.Hour // of a file that no message names

	// Webhooks.
	WebhookTimeout = 30 * time.Second
	WebhookLease   = 45 * time.Second
	ReplayWindow   = 5 * time.Minute

	// AI webhooks (contract b.2) and bots that are HTTP endpoints.
	AIWebhookTimeout   = 10 * time.Second
	AIWebhookCalls     = 15 // of one turn, by script, by action, before and after it
	MaxHookHeaders     = 10
	MaxHookNameBytes   = 128
	MaxHookAnswerBytes = 1 << 20
	HTTPBotTimeout     = 25 * time.Second
	MaxBotAnswerBytes  = 1 << 20

	// Scripts.
	ScriptRunTime             = 2 * time.Second
	ScriptStartTime           = 30 * time.Second // start-up code and modules of a bot
	ScriptWaitTime            = 25 * time.Second // $http of a bot turn, in all
	HTTPCallDefault           = 10 * time.Second
	HTTPCallsPerTurn          = 15
	EngineWait                = 10 * time.Second
	EnginesPerBot             = 64
	TurnAttempts              = 3
	BotFailuresBeforeHandover = 3
	MaxRestarts               = 5 // newSession per incoming request
	MaxHops                   = 50
	MaxPostHops               = 5
	MaxReplies                = 64
	MaxReplyBytes             = 64 << 10
	SoftVarsBytes             = 100 << 10
	HardVarsBytes             = 1000 << 10
	MaxInputSymbols           = 400
	MaxInputWords             = 100_000
	MaxScriptTimeout          = 99 * time.Hour
	MaxPushesPerTurn          = 64 // sent, and taken back
	MaxPushesPerClient        = 256
	PushbackLife              = MaxSessionTimeout
	MaxPushDataBytes          = 64 << 10 // of one pushed event
	MaxJSONParseBytes         = 1 << 20
	MaxHTTPAnswerBytes        = 5 << 20

	// People of the desk.
	DefaultCapacity           = 5 // open conversations that the router gives one agent
	MaxCapacity               = 100
	AutoAwayTime              = 5 * time.Minute // without a live connection
	RequeueAfter              = 5 * time.Minute // a client waits for an agent who is away
	MaxRequeueAfter           = 7 * 24 * time.Hour
	MaxDeskNameChars          = 100 // of agents, departments, views
	MaxEmailChars             = 254
	MaxAvatarChars            = 2048
	MaxPreferencesBytes       = 16 << 10 // of an agent
	MaxAgents                 = 2000
	MaxDepartments            = 500
	MaxDepartmentIntegrations = 500
	MaxOpenings               = 50  // of a department's week
	MaxHolidays               = 366 // of a department
	MaxCannedReplies          = 5000
	MaxShortcutChars          = 32
	MaxViews                  = 2000
	MaxDeskFrame              = 64 << 10 // bytes of a frame on the desk's live connection
	DeskThreads               = 16       // open on one live connection
	DeskConnections           = 64       // live connections of one agent
	MaxViewBytes              = 4 << 10
)

// firstWebhookDelays returns the first stage of contract b.1 (six attempts in
// all), before the jitter of ±10 %.
func firstWebhookDelays() []time.Duration {
	return []time.Duration{250 * time.Millisecond, 500 * time.Millisecond, time.Second, 2 * time.Second, 2 * time.Second}
}

// secondWebhookDelays returns the second stage of contract b.1.
func secondWebhookDelays() []time.Duration {
	return []time.Duration{30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour}
}

// WebhookDelay returns the time to wait, without jitter, after the given
// number of failed attempts (1 or more). ok is false when there is no further
// attempt. strict leaves out the second stage (setting strict_retries).
func WebhookDelay(failed int, strict bool) (delay time.Duration, ok bool) {
	steps := firstWebhookDelays()
	if !strict {
		steps = append(steps, secondWebhookDelays()...)
	}
	if failed < 1 || failed > len(steps) {
		return 0, false
	}
	return steps[failed-1], true
}
