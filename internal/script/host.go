package script

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"parley/internal/dialog"
)

// bindHost gives the prelude the functions it stands on.
func (m *vm) bindHost() {
	m.bindState()
	m.bindRequest()
	m.bindLife()
	m.bindTools()
	m.bindParley()
	m.bindFaq()
	m.bindNLP()
	m.bindMorphology()
	m.bindMatching()
	m.bindCaila()
	m.bindHTTP()
	m.bindSecrets()
	m.bindPushgate()
	m.bindAnalytics()
	m.bindText()
	m.bindMail()
	m.bindGPT()
}

// get binds a function without arguments.
func (m *vm) get(name string, f func(r *run) any) {
	m.Bind(name, func([]any) (any, error) { return f(m.run), nil })
}

func text(args []any, i int) string {
	if i >= len(args) {
		return ""
	}
	s, _ := args[i].(string)
	return s
}

func whole(args []any, i int) int {
	if i >= len(args) {
		return 0
	}
	switch n := args[i].(type) {
	case int64:
		return int(min(max(n, -1<<31), 1<<31))
	case float64:
		if n != n { // NaN
			return 0
		}
		return int(min(max(n, -1<<31), 1<<31))
	}
	return 0
}

func (m *vm) bindState() {
	m.Bind("take", func(args []any) (any, error) { return m.run.take(text(args, 0)), nil })
	m.get("path", func(r *run) any { return r.position })
	m.get("nextPath", func(r *run) any { return r.next })
	m.get("state", func(r *run) any { return r.state })
	m.get("file", func(r *run) any { return r.file })
	m.get("history", func(r *run) any { return marshal(append([]string{}, r.extra.History...)) })
	m.get("injector", func(r *run) any { return r.bot.injector(r.file) })
	m.get("testing", func(r *run) any { return r.bot.options.Testing })
	m.get("botName", func(r *run) any { return r.bot.name })
	m.get("version", func(*run) any { return marshal(map[string]any{"version": Version}) })
	m.Bind("setPath", func(args []any) (any, error) {
		m.run.position = dialog.Resolve("/", text(args, 0))
		m.run.next = m.run.position
		return nil, nil
	})
	m.Bind("setState", func(args []any) (any, error) {
		m.run.state = dialog.Resolve("/", text(args, 0))
		return nil, nil
	})
	m.Bind("resolve", func(args []any) (any, error) { return dialog.Resolve(m.run.state, text(args, 0)), nil })
	m.Bind("resolveFrom", func(args []any) (any, error) { return dialog.Resolve(text(args, 0), text(args, 1)), nil })
	m.Bind("outside", func([]any) (any, error) {
		m.run.log.Warn("a variable of a request is used while the bot is loaded; it is empty then", "bot", m.bot.name)
		return nil, nil
	})
}

func (m *vm) bindRequest() {
	m.get("query", func(r *run) any { return r.request.Query })
	m.get("event", func(r *run) any { return r.request.Event })
	m.get("targetState", func(r *run) any { return r.request.TargetState })
	m.get("requestType", func(r *run) any { return view{r}.requestType() })
	m.get("channel", func(r *run) any { return view{r}.channel() })
	m.get("botId", func(r *run) any { return r.turn.Integration.ID })
	m.get("userId", func(r *run) any { return view{r}.userID() })
	m.get("questionId", func(r *run) any { return view{r}.questionID() })
	m.get("language", func(r *run) any { return r.bot.project.Config.Language })
	m.get("userFrom", func(r *run) any { return marshal(view{r}.userFrom()) })
	m.get("data", func(r *run) any { return marshal(view{r}.requestData()) })
	m.get("rawRequest", func(r *run) any { return view{r}.rawRequest() })
	m.get("context", func(r *run) any { return string(view{r}.document().JSON()) })
	m.get("contextAge", func(r *run) any { return int64(len(r.patches)) })
	m.get("chatId", func(r *run) any { return r.sessionID() })
	m.get("attempt", func(r *run) any { return r.turn.Attempt })
	m.get("tree", func(r *run) any { return view{r}.treeJSON() })
	m.get("nBest", func(r *run) any { return r.bot.project.Config.NLP.NBest })
	m.Bind("nlu", func([]any) (any, error) { return view{m.run}.nluJSON() })
	m.get("intent", func(r *run) any { return view{r}.intentJSON() })
	m.get("entities", func(r *run) any { return view{r}.entitiesJSON() })
	m.get("logInfo", func(r *run) any { return view{r}.logInfoJSON() })
	m.Bind("humanOnline", func(args []any) (any, error) {
		return m.run.turn.HumanOnline != nil && m.run.turn.HumanOnline(text(args, 0)), nil
	})
	m.get("livechat", func(r *run) any { return r.turn.Conversation.Human() })
	m.get("hasSmartRandom", func(r *run) any { return r.bot.options.Testing || r.request.full != "" })
	m.Bind("converter", func(args []any) (any, error) { return m.bot.converters[text(args, 0)], nil })
}

func (m *vm) bindLife() {
	m.Bind("startSession", func([]any) (any, error) { life{m.run}.start(); return nil, nil })
	m.Bind("stopSession", func([]any) (any, error) { life{m.run}.stop(); return nil, nil })
	m.Bind("newSession", func(args []any) (any, error) {
		r := m.run
		if r.failing {
			return nil, errors.New("newSession is not possible in an error handler")
		}
		if r.again == nil {
			r.again = &restart{request: text(args, 0), session: text(args, 1), client: text(args, 2)}
		}
		return nil, errRestart
	})
	m.Bind("timeout", func(args []any) (any, error) { return nil, timeouts{m.run}.armTimeout(text(args, 0), text(args, 1)) })
	m.Bind("replied", func(args []any) (any, error) {
		return nil, speaker{m.run}.replied(whole(args, 0))
	})
}

func (m *vm) bindTools() {
	m.get("now", func(r *run) any { return r.turn.Now().UnixMilli() })
	m.Bind("timeForZone", func(args []any) (any, error) { return timeForZone(m.run.turn.Now(), text(args, 0)) })
	m.Bind("dateForZone", func(args []any) (any, error) {
		return dateForZone(m.run.turn.Now(), text(args, 0), text(args, 1), m.bot.project.Config.Language)
	})
	m.Bind("checkZone", func(args []any) (any, error) { _, err := zone(text(args, 0)); return nil, err })
	m.Bind("random", func(args []any) (any, error) { return chance{m.run}.random(whole(args, 0)), nil })
	m.Bind("reactionRandom", func(args []any) (any, error) {
		return chance{m.run}.chosenRandom(whole(args, 0), m.run.state, whole(args, 1))
	})
	m.Bind("expand", func(args []any) (any, error) { return m.run.expand(text(args, 0)) })
	m.Bind("log", func(args []any) (any, error) {
		write := m.run.log.Info
		if text(args, 0) == "warn" {
			write = m.run.log.Warn
		}
		write(clip(m.bot.masked(text(args, 1))), "bot", m.bot.name, "session", m.run.turn.Session.ID.String(), "state", m.run.state)
		return nil, nil
	})
	m.Bind("checkHandler", func(args []any) (any, error) {
		if !slices.Contains(handlerTypes(), text(args, 0)) {
			return nil, fmt.Errorf("bind knows no handler type %q", text(args, 0))
		}
		return nil, nil
	})
	m.Bind("chatHistory", func([]any) (any, error) { return chatHistory{m.run}.text() })
	m.Bind("chatHistoryJson", func([]any) (any, error) { return chatHistory{m.run}.json() })
}

// maxLogText bounds one line that a script writes to the log, in bytes.
const maxLogText = 16 << 10

func clip(text string) string {
	if len(text) <= maxLogText {
		return text
	}
	return strings.ToValidUTF8(text[:maxLogText], "") + "…"
}

func handlerTypes() []string {
	return []string{"preMatch", "selectNLUResult", "preProcess", "postProcess", "onScriptError", "onDialogError", "onAnyError"}
}
