package org.procmon.config.reader;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.procmon.config.Backoff;
import org.procmon.config.DurationText;
import org.procmon.config.GiveUp;
import org.procmon.config.RestartPolicy;
import org.procmon.config.Signal;
import org.procmon.config.StopPlan;
import org.procmon.config.Strings;
import org.procmon.config.SuccessExit;

/** Reads when a process is restarted and how it is stopped. */
final class PolicyReader {
    private static final double STEEPEST = 1000;
    private static final int MOST_CODE = 255;
    private static final int MOST_RESTARTS = 1000;
    private static final int MOST_STEPS = 100;

    private final Problems problems;

    PolicyReader(Problems problems) {
        this.problems = problems;
    }

    RestartPolicy restart(ObjectReader process) {
        boolean monitored = process.flag("monitored", false);
        RestartPolicy implied = monitored ? RestartPolicy.ALWAYS : RestartPolicy.NEVER;
        JsonValue.Text text = process.text("restart");
        if (text == null) {
            return implied;
        }
        RestartPolicy said =
                switch (text.value()) {
                    case "always" -> RestartPolicy.ALWAYS;
                    case "on-failure" -> RestartPolicy.ON_FAILURE;
                    case "never" -> RestartPolicy.NEVER;
                    default -> {
                        problems.badText(
                                "'restart'", "\"always\", \"on-failure\" or \"never\"", text);
                        yield implied;
                    }
                };
        JsonValue older = process.value("monitored");
        if (older != null && isFlag(older) && said != implied) {
            problems.add(
                    text.offset(),
                    () ->
                            "'restart' is \""
                                    + text.value()
                                    + "\", but 'monitored' in line "
                                    + problems.line(older.offset())
                                    + " is "
                                    + monitored
                                    + ", which means \""
                                    + (monitored ? "always" : "never")
                                    + "\"");
        }
        return said;
    }

    private static boolean isFlag(JsonValue jsonValue) {
        return jsonValue instanceof JsonValue.Flag
                || (jsonValue instanceof JsonValue.Text text
                        && (text.value().equals("true") || text.value().equals("false")));
    }

    SuccessExit successExit(ObjectReader process) {
        if (process.value("success_exit") == null) {
            return SuccessExit.DEFAULT;
        }
        Set<Integer> codes = new LinkedHashSet<>();
        Set<Signal> signals = new LinkedHashSet<>();
        for (JsonValue jsonValue : process.oneOrMore("success_exit")) {
            if (jsonValue instanceof JsonValue.Text text && !Strings.isDigits(text.value())) {
                signal("each entry of 'success_exit'", text).ifPresent(signals::add);
            } else {
                int code = code(jsonValue);
                if (code >= 0) {
                    codes.add(code);
                }
            }
        }
        return new SuccessExit(codes, signals);
    }

    Backoff backoff(ObjectReader process) {
        JsonValue.Members object = process.object("backoff");
        if (object == null) {
            return Backoff.DEFAULT;
        }
        ObjectReader objectReader = new ObjectReader(object, Keys.BACKOFF, problems);
        Backoff otherwise = Backoff.DEFAULT;
        Duration initial = objectReader.duration("initial", otherwise.initial());
        Duration max = objectReader.duration("max", otherwise.max());
        if (max.compareTo(initial) < 0) {
            JsonValue given = objectReader.value("max");
            int at = given == null ? objectReader.offset() : given.offset();
            String defaulted = given == null ? ", which is 30s when it is not given," : "";
            problems.add(at, "'max'" + defaulted + " must not be shorter than 'initial'");
        }
        return new Backoff(
                initial,
                objectReader.number("factor", 1, STEEPEST, otherwise.factor()),
                max,
                objectReader.number("jitter", 0, 1, otherwise.jitter()),
                objectReader.duration("reset_after", otherwise.resetAfter()));
    }

    Optional<GiveUp> giveUp(ObjectReader process) {
        JsonValue.Members object = process.object("give_up");
        if (object == null) {
            return Optional.empty();
        }
        ObjectReader objectReader = new ObjectReader(object, Keys.GIVE_UP, problems);
        objectReader.required("restarts", "'give_up' has no 'restarts'");
        JsonValue given = objectReader.required("period", "'give_up' has no 'period'");
        Duration period = objectReader.duration("period", Duration.ofSeconds(1));
        if (given != null && period.isZero()) {
            problems.add(given.offset(), "'period' must be longer than 0");
        }
        Duration retryAfter = objectReader.duration("retry_after", Duration.ZERO);
        return Optional.of(
                new GiveUp(
                        objectReader.count("restarts", 0, MOST_RESTARTS, 0),
                        period,
                        objectReader.has("retry_after")
                                ? Optional.of(retryAfter)
                                : Optional.empty()));
    }

    StopPlan stop(ObjectReader process) {
        JsonValue.Members object = process.object("stop");
        if (object == null) {
            return StopPlan.DEFAULT;
        }
        ObjectReader objectReader = new ObjectReader(object, Keys.STOP, problems);
        StopPlan.Step otherwise = StopPlan.DEFAULT.steps().getFirst();
        JsonValue signal = objectReader.value("signal");
        Signal first =
                signal == null
                        ? otherwise.signal()
                        : signal("'signal'", signal).orElse(otherwise.signal());
        Duration timeout = objectReader.limit("timeout", otherwise.timeout());
        StopPlan.Target to = target(objectReader);
        boolean leaves = !objectReader.flag("kill_survivors", true);
        if (!objectReader.has("plan")) {
            return new StopPlan(List.of(new StopPlan.Step(first, timeout)), to, leaves);
        }
        if (objectReader.has("signal") || objectReader.has("timeout")) {
            problems.add(
                    objectReader.offset(), "'stop' has either a 'plan' or 'signal' and 'timeout'");
        }
        return new StopPlan(plan(objectReader), to, leaves);
    }

    private StopPlan.Target target(ObjectReader stop) {
        JsonValue.Text text = stop.text("to");
        if (text == null) {
            return StopPlan.Target.GROUP;
        }
        return switch (text.value()) {
            case "group" -> StopPlan.Target.GROUP;
            case "main" -> StopPlan.Target.MAIN;
            default -> {
                problems.badText("'to'", "\"group\" or \"main\"", text);
                yield StopPlan.Target.GROUP;
            }
        };
    }

    private List<StopPlan.Step> plan(ObjectReader objectReader) {
        List<StopPlan.Step> steps = new ArrayList<>();
        List<JsonValue> nodes =
                objectReader.items("plan", "an array of steps such as \"TERM 10s\"");
        for (int i = 0; i < nodes.size(); i++) {
            StopPlan.Step step = step(nodes.get(i), i == nodes.size() - 1);
            if (step != null) {
                steps.add(step);
            }
        }
        if (nodes.isEmpty()
                && objectReader.value("plan") instanceof JsonValue.Items items
                && items.whole()) {
            problems.add(items.offset(), "'plan' has no steps");
        }
        if (nodes.size() > MOST_STEPS) {
            problems.add(
                    nodes.get(MOST_STEPS).offset(),
                    "'plan' has " + nodes.size() + " steps; at most " + MOST_STEPS + " are taken");
        }
        return steps.isEmpty() ? StopPlan.DEFAULT.steps() : steps;
    }

    private StopPlan.@Nullable Step step(JsonValue jsonValue, boolean last) {
        if (!(jsonValue instanceof JsonValue.Text text)) {
            problems.wrongKind("each step of 'plan'", "a string such as \"TERM 10s\"", jsonValue);
            return null;
        }
        String step = text.value();
        int blank = step.indexOf(' ');
        String name = blank < 0 ? step : step.substring(0, blank);
        String time = blank < 0 ? "" : step.substring(blank + 1).strip();
        Optional<Signal> signal = Signal.parse(name);
        if (signal.isEmpty()) {
            problems.add(text.offset(), () -> unknownSignal("each step of 'plan'", name));
            return null;
        }
        if (time.isEmpty() && last) {
            return new StopPlan.Step(signal.get(), StopPlan.DEFAULT.steps().getFirst().timeout());
        }
        if (time.equals(DurationText.INFINITY)) {
            return new StopPlan.Step(signal.get(), DurationText.FOREVER);
        }
        double seconds = DurationText.seconds(time);
        if (Double.isNaN(seconds)) {
            problems.badText(
                    time.isEmpty()
                            ? "each step of 'plan' but the last"
                            : "the time of a step of 'plan'",
                    time.isEmpty() ? "a signal and a time, such as \"TERM 10s\"" : "like \"10s\"",
                    text);
            return null;
        }
        String complaint = ObjectReader.durationComplaint(seconds);
        if (complaint != null) {
            problems.add(text.offset(), "the time of a step of 'plan' " + complaint);
            return null;
        }
        return new StopPlan.Step(signal.get(), DurationText.ofSeconds(seconds));
    }

    Optional<Signal> signal(String what, JsonValue jsonValue) {
        String name = word(jsonValue);
        if (name == null) {
            problems.wrongKind(what, "the name of a signal such as \"TERM\"", jsonValue);
            return Optional.empty();
        }
        Optional<Signal> signal = Signal.parse(name);
        if (signal.isEmpty()) {
            problems.add(jsonValue.offset(), () -> unknownSignal(what, name));
        }
        return signal;
    }

    private static String unknownSignal(String what, String name) {
        List<String> names = new ArrayList<>();
        for (Signal signal : Signal.values()) {
            names.add(signal.word());
        }
        return what
                + " must name a signal, found '"
                + Problems.shown(name)
                + "'"
                + Suggestion.forWord(name, names);
    }

    private int code(JsonValue jsonValue) {
        String expected = "an exit code from 0 to 255 or the name of a signal";
        String text = word(jsonValue);
        if (text == null) {
            problems.wrongKind("each entry of 'success_exit'", expected, jsonValue);
            return -1;
        }
        int code = Strings.isDigits(text) && text.length() <= 3 ? Integer.parseInt(text) : -1;
        if (code < 0 || code > MOST_CODE) {
            problems.add(
                    jsonValue.offset(),
                    () ->
                            "each entry of 'success_exit' must be "
                                    + expected
                                    + ", found "
                                    + Problems.shown(text));
            return -1;
        }
        return code;
    }

    /** The text of a string or a number. */
    private static @Nullable String word(JsonValue jsonValue) {
        if (jsonValue instanceof JsonValue.Text text) {
            return text.value();
        }
        return jsonValue instanceof JsonValue.Numeral numeral ? numeral.text() : null;
    }
}
