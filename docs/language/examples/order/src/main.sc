require: js/prices.js
    type = scriptEs6
    name = prices

patterns:
    $drink = (tea|coffee) || converter = function(node) { return node.text.toLowerCase(); }

theme: /

    state: Start
        q!: $regex</start>
        a: We have {{ prices.drinks().join(" and ") }}.
        buttons:
            "Tea" -> /Order
            "Help" -> /Help

    # The question is asked here; the answer leads on.
    state: Order
        q!: * $drink *
        script:
            $session.drink = $parseTree._drink || "tea";
        InputNumber:
            prompt = How many cups of {{ $session.drink }}?
            varName = count
            minValue = 1
            maxValue = 10
            failureMessage = ["From 1 to 10, please."]
            then = ./Sum

        state: Sum
            scriptEs6:
                $session.sum = await prices.total($session.drink, $session.count);
            a: That is {{ $session.sum }}.
            go!: /Sure

    state: Sure
        Confirmation:
            prompt = Shall I bring it?
            agreeState = ./Yes
            disagreeState = ./No

        state: Yes
            if: $session.count > 5
                a: All {{ $session.count }} of them are on their way.
            else:
                a: Coming!
            EndSession:

        state: No
            a: Another time, then.
            go: /

    state: Help
        q!: * help *
        a: I call somebody.
        script:
            $response.replies.push({type: "switch", closeChatPhrases: ["back"], lastMessage: "Here I am again."});

        state: Nobody
            event: noLivechatOperatorsOnline
            a: Nobody is here now.

        state: Done
            event: livechatFinished
            a: Did it help?

    state: NoMatch
        event!: noMatch
        a: Say tea or coffee.
