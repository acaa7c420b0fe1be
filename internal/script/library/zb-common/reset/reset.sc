# /reset empties everything that the bot knows about the client and goes on as
# after /start: script-api 4.2.

theme: /

    state: Reset
        q!: $regexp_i</?reset>
        script:
            $session = {};
            $client = {};
            $temp = {};
            $response = {};
            var found = $nlp.match("/start", "/");
            $temp.afterReset = found && found.targetState || "/";
        a: Данные сброшены.
        go!: {{ $temp.afterReset }}
