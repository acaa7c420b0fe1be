require: missing.sc
theme: /
    init:
        var greeting = "hi";
    state: Start
        q!: $regex</start>
        intent!: /Hello
        intentGroup: /Group
        event!: noMatch
        event: fileEvent || onlyThisState = true
        e!: an example phrase
        eg: groupName
        a: Hello, {{ $session.name }}! || html = "<b>Hi, you</b>", htmlEnabled = true, tts = "hi", ttsEnabled = true
        image: https://example.com/a.png
        audio: https://example.com/a.mp3 || name = "song"
        video: https://example.com/a.mp4
        buttons:
            "Yes" -> /Start/Yes
            "No, {{$session.name}}" -> ./No
            {text: "Call", request_contact: true}
            { "text": "Go",
              "data": [1, true, null, 'x'] } -> {{ $session.next }}
        inlineButtons:
            {text: "Site", url: "https://example.com/?a=1,2"}
        random:
            a: One\nline
            a: Two
            script: $session.x = 1;
        if: $session.x > 1 // compare
            a: more
        elseif: $session.x ||
                $session.y
            go: ./Yes
        else:
            go!: ../Start/No
        script:
            # a comment of the dialog language
            if ($session.x) {
                $reactions.answer("{{not text}}");
            }
        scriptEs6: await work();
        timeout: /Start/No || interval = "1h5m3s"
        newSession:
            message = /start {{ $session.x }}
            data = {"a": {b: "{{c}}"}, list: [1,
                2]}
            deferred = true
        EndSession:
        InputNumber:
            prompt = How many, please: one or two?
            varName = amount
            html =
            failureMessage = ["No.", "Try, again"]
            actions = [
                {"type": "buttons",
                 "buttons": []}
            ]
            then = /Start/Yes

        state: Yes || noContext = true, modal = true, sessionResult = "done, well", sessionResultColor = "#fff"
            q: yes [please] || fromState = /Start, onlyThisState = true
            q: yes || fromState = ["/Start", "../No"]
            q: back || toState = ".."
        state: No
            go!: {{ $session.target || "/" }}
patterns:
    $hello = (hi|hello)
    $Number = $regexp<\d+> || converter = function(pt) { return parseInt(pt.text, 10); };
