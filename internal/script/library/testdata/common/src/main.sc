require: common.js
    module = sys.zb-common

theme: /

    state: Start
        q!: start
        script:
            var node = { tag: "A", words: ["x"], B: [{ C: [{ value: 7 }] }, { value: 8 }] };
            $reactions.answer($converters.collectParseTreeValues(node).join() + " " + $converters.propagateConverter(node));
            $reactions.answer(safeValue(node.B, "none") + " " + safeValue([node.B[1]]) + " " + safeValue(undefined, "none"));
            $reactions.answer(String(checkEnLetters("кот cat")) + " " + checkEnLetters("кот"));
            $reactions.answer(resolveInlineDictionary("{один/два} {a/b/c} [нет]") + resolveInlineDictionary(undefined));
            $reactions.answer(randomInteger(3, 9) + " " + randomIndex([1, 2]) + " " + selectRandomArg("x", "y") + " " + testMode());
            $reactions.answer(getRandomElement({ 5: { value: "five" } }));

    state: Random
        q!: random
        script:
            var drawn = [random(3), random(3), random(3)];
            $reactions.answer(drawn.sort().join());
            try {
                random("3");
            } catch (e) {
                $reactions.answer(e.message);
            }

    state: Copy
        q!: copy
        script:
            var a = { b: [1] }, c = copyObject(a);
            c.b.push(2);
            $reactions.answer(a.b.length + " " + c.b.length);
            $reactions.answer(toPrettyString(applyCustomAnswers({ x: { y: "old", z: "stays" } }, { x: { y: "new" } })));

    state: Words
        q!: words $regexp<-?\d+>::n
        script:
            var n = parseInt($request.query.split(" ")[1], 10);
            $reactions.answer(numberToString(n));
            $reactions.answer(numberToString(n, "ordinal"));

    state: Gender
        q!: gender
        script:
            $reactions.answer(toGender("he", "she", "it"));
            $client.gender = 0;
            $reactions.answer(toGender("he", "she", "it"));
            $client.gender = "1";
            $reactions.answer(toGender("he", "she", "it") + " " + currentState());

    state: Pages
        q!: pages
        script:
            var all = ["a", "b", "c", "d", "e"];
            [0, 2, 4, 6].forEach(function (from) {
                $reactions.answer(paginator(all, from, 2, "more", "back").join());
            });
            $reactions.answer(formatLink("see [our site](https://a.example/x) now"));

    state: Hours
        q!: hours
        script:
            $reactions.answer([isOff("Europe/Moscow", 9, 18, 10, 16), isOff("UTC", 9, 18, 10, 16), isOff("Asia/Tokyo", 9, 22, 10, 16)].join());
            $reactions.answer(dayStart(currentDate()).format() + " " + dayEnd(currentDate()).format());

    state: Dialog
        q!: dialog
        a: read [this](http://a.example)
        script:
            saveDialog(true);
            $reactions.answer($session.savedDialog);
            $request.channelType = "vk";
            modifyResponse();

    state: Pictures
        q!: pictures
        script:
            showImageWText("http://a.example/i.png", "a picture");
            showCarousel([1], { 1: { value: { title: "One", url: "u", other: 1 } } }, "Choose");
            showCarousel(1, { 1: { value: { title: "One" } } }, "Again");
            $reactions.answer($response.replies.map(function (r) { return r.type; }).join());
            $reactions.answer(JSON.stringify($response.replies[1].content));
