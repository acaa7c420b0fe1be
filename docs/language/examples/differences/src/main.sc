theme: /

    state: Engine
        q!: engine
        script:
            $temp.out = [typeof eval, typeof Uint8Array, typeof BigInt, typeof Intl, typeof setTimeout, typeof Java];
            try {
                new Function("return 1");
            } catch (e) {
                $temp.out.push(e.name);
            }
            try {
                _.template("<%= x %>")({x: 1});
            } catch (e) {
                $temp.out.push(e.name);
            }
            try {
                "x".repeat(1e12);
            } catch (e) {
                $temp.out.push(e.name);
            }
        a: {{ $temp.out.join(" ") }}

    state: Absent
        q!: absent
        script:
            $temp.out = [
                $integration.googleSheets.writeDataToLine("id", "sheet", "A", [1]).isOk,
                $dialer.getCaller() === "",
                Object.keys($dialer.getPayload()).length
            ];
            $dialer.setNoInputTimeout(3000);
            ["$imputer", "$rag"].forEach(function(name) {
                try {
                    $global[name].generate({});
                } catch (e) {
                    $temp.out.push(e.name);
                }
            });
            try {
                $storage.getTempDir();
            } catch (e) {
                $temp.out.push(e.name);
            }
        a: {{ $temp.out.join(" ") }}

    # Too many nested calls end the turn; no catch holds that.
    state: Calls
        q!: calls
        script:
            try {
                (function deeper() { deeper(); })();
            } catch (e) {
                $client.caught = true;
            }

    # What $session and $client keep is JSON.
    state: Parse
        q!: parse
        script:
            $session.list = [function() {}, new Date(0), undefined, NaN];
        a: kept

        state: Kept
            q: kept
            a: {{ toPrettyString($session.list) }}

    state: Otherwise
        event!: noMatch
        a: {{ $client.caught ? "caught" : "not caught" }}
