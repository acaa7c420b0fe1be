require: handlers.js

init:
    // Runs once, when the bot is loaded; what it declares all scripts see.
    var greetings = ["Hello", "Welcome"];
    $global.shout = function(text) { return text.toUpperCase() + "!"; };

theme: /

    state: Variables
        q!: variables
        script:
            $client.name = "Ann";          // as long as the client exists
            $session.step = 1;             // as long as the session
            $temp.word = "now";            // this request
            $session = {step: 2};          // replaces the object
            count = 7;                     // a global of this turn only
        a: {{ $client.name }} {{ $session.step }} {{ $temp.word }} {{ count }} {{ $injector.botName }} {{ shout(greetings[0]) }}

        state: Later
            q: later
            a: {{ $client.name }} {{ $session.step }} {{ $temp.word || "-" }} {{ typeof count }}

    state: Request
        q!: request
        script:
            $temp.facts = [$request.query, $request.channelType, $request.requestType, $request.rawRequest.messages[0].text];
        a: {{ $temp.facts.join(", ") }}; {{ $context.currentState }}, before {{ $context.contextHistory.join(" ") || "nothing" }}

    state: Replies
        q!: replies
        script:
            $reactions.answer("Your number is {{ 6 * 7 }}.");
            $reactions.answer({value: "Bold", html: "<b>Bold</b>"});
            $reactions.buttons("Yes", {text: "No", transition: "/Request"});
            ["A", "B"].forEach($reactions.buttons);
            $reactions.inlineButtons({text: "Docs", url: "https://example.com"});
            $reactions.image("https://example.com/cat.png", "A cat");
            $reactions.timeout({interval: "1h5m3s", targetState: "./Late"});
            $response.replies.push({type: "text", text: "Pushed by hand."});
            $response.mood = "good";

        state: Late
            a: Late.

    state: Jump
        q!: jump * $mode
        script:
            if ($parseTree._mode === "now") {
                $reactions.transition("/Target");
            } else {
                $reactions.transition({value: "/Target", deferred: true});
            }
            $reactions.answer("The script runs to its end.");
        a: This tag is reached by the deferred one only.

    state: Target
        a: In the target.

        state: Local
            q: where
            a: Below the target.

    state: Times
        q!: times
        script:
            $temp.out = [
                $jsapi.dateForZone("Europe/Berlin", "dd.MM.yyyy HH:mm EEE"),
                ($jsapi.timeForZone("Europe/Berlin") - $jsapi.currentTime()) / 3600000,
                $jsapi.random(10), $jsapi.resolvePath("./X"), $jsapi.resolvePath("/A", "../B"),
                currentDate().format("YYYY-MM-DD"), moment("2030-02-28").add(1, "day").format("D MMMM"),
                capitalize("abc"), selectRandomArg("first", "second"), testMode(),
                _.uniq([1, 1, 2]).length, (1234.5).toLocaleString("ru"),
                parseXml("<a b='1'><c>x</c><c>y</c></a>").a.c.length
            ];
        a: {{ $temp.out.join(" / ") }}

    state: Modern
        q!: modern
        scriptEs6:
            class Basket { #items = []; add(x) { this.#items.push(x); return this; } get size() { return this.#items.length; } }
            const sum = await Promise.all([1, 2, 3].map(async x => x * 2));
            $session.modern = `${new Basket().add("a").size} ${sum.flat().join("-")} ${$request.missing?.field ?? "none"}`;
        a: {{ $session.modern }}

    state: Branches
        q!: branch $mode
        if: $parseTree._mode === "now"
            a: now
        elseif: $parseTree._mode === "then"
            a: then
        else:
            random:
                a: first
                a: second

    state: NoMatch
        event!: noMatch
        a: no match

patterns:
    $mode = (now:now|then:then|later:later)
