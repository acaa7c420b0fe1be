# /reset empties everything that the bot knows about the client and starts anew
# with /start, in a new session: script-api 4.2.

theme: /

    state: Reset
        q!: $regexp_i</?reset>
        a: Данные сброшены.
        script:
            $reactions.newSession({ message: "/start", data: { newSession: true }, session: {}, client: {} });
