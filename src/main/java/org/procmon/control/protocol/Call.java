package org.procmon.control.protocol;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.procmon.control.protocol.Method.Parameter;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * One call. Source: the Varlink protocol, "Method Call".
 *
 * @param method the full name of the method
 * @param names its processes or patterns; empty when none is given
 * @param waits whether the reply waits for the outcome; {@code true} by default
 * @param timeoutMs how long it may wait, in milliseconds; empty for no limit
 * @param signal {@code signal}; empty when not given
 * @param interfaceName {@code interface}; empty when not given
 * @param output {@code stream}, {@code lines}, {@code position} and {@code follow}
 * @param since {@code since}; empty when not given
 * @param onBehalf {@code on_behalf}; empty when not given
 * @param dryRun {@code dry_run}
 * @param instances {@code instances}
 * @param rolling {@code rolling}
 * @param usage {@code usage}
 * @param force {@code force}
 * @param oneway whether the client expects no reply
 * @param more whether the client accepts more than one reply
 * @param given a bit for each given parameter
 * @param invalid the first parameter that is unknown or has the wrong type; empty if all are valid
 * @param excess what exceeds the limits of a call, in words; empty if nothing does. The call leaves
 *     it out
 */
public record Call(
        String method,
        List<String> names,
        boolean waits,
        OptionalLong timeoutMs,
        String signal,
        String interfaceName,
        OutputQuery output,
        OptionalLong since,
        Optional<OnBehalf> onBehalf,
        boolean dryRun,
        int instances,
        boolean rolling,
        boolean usage,
        boolean force,
        boolean oneway,
        boolean more,
        int given,
        String invalid,
        String excess) {
    /** The most different names in a call. */
    public static final int MOST_NAMES = 4096;

    /** The longest name, glob or other text in a call, in characters. */
    public static final int LONGEST_TEXT = 256;

    /** Far longer than any real position. */
    private static final int LONGEST_POSITION = 256;

    /** A call of a method that takes names, or none. */
    public static Call of(Method method, List<String> names, Wait wait) {
        return new CallBuilder(method, names).wait(wait).call();
    }

    /** A call that restarts processes one after the other. */
    public static Call rolling(List<String> names, Wait wait) {
        return new CallBuilder(Method.RESTART, names).wait(wait).rolling().call();
    }

    /** A call that deletes processes; by force, also if other processes depend on them. */
    public static Call delete(List<String> names, Wait wait, boolean force) {
        return new CallBuilder(Method.DELETE, names).wait(wait).force(force).call();
    }

    /** A call for one process, or those of several names, with resource usage. */
    public static Call using(Method method, List<String> names) {
        return new CallBuilder(method, names).usage().call();
    }

    /** A call that sends a signal. */
    public static Call signal(List<String> names, String signal) {
        return new CallBuilder(Method.SIGNAL, names).signal(signal).call();
    }

    /** A call that reads output; one that follows it accepts more than one reply. */
    public static Call output(String name, OutputQuery output) {
        return new CallBuilder(Method.READ_OUTPUT, List.of(name)).output(output).call();
    }

    /** A call that reloads the configuration. */
    public static Call reload(boolean dryRun) {
        return new CallBuilder(Method.RELOAD, List.of()).dryRun(dryRun).call();
    }

    /** A call that sets a number of instances. */
    public static Call scale(String name, int instances) {
        return new CallBuilder(Method.SCALE, List.of(name)).instances(instances).call();
    }

    /** A call for events, in more than one reply. */
    public static Call watch(OptionalLong since, List<String> names) {
        return new CallBuilder(Method.WATCH, names).since(since).call();
    }

    /** The same, on behalf of another user. */
    public Call onBehalfOf(Optional<OnBehalf> sender) {
        return new Call(
                method,
                names,
                waits,
                timeoutMs,
                signal,
                interfaceName,
                output,
                since,
                sender,
                dryRun,
                instances,
                rolling,
                usage,
                force,
                oneway,
                more,
                given,
                invalid,
                excess);
    }

    /** Whether the call has this parameter, with a value of the right type. */
    public boolean gives(Parameter parameter) {
        return (given & parameter.bit()) != 0;
    }

    /** Writes the call, with the values that differ from the defaults. */
    public void write(MessageBuffer buffer) {
        try (JsonGenerator json = Json.generator(buffer)) {
            json.writeStartObject();
            Json.property(json, "method", method);
            json.writeObjectPropertyStart("parameters");
            if (takesOneName()) {
                Json.property(json, Parameter.NAME.wireName(), names.getFirst());
            } else if (!names.isEmpty()) {
                json.writeArrayPropertyStart(Parameter.NAMES.wireName());
                for (String name : names) {
                    Json.string(json, name);
                }
                json.writeEndArray();
            }
            if (!waits) {
                json.writeBooleanProperty(Parameter.WAIT.wireName(), false);
            }
            if (timeoutMs.isPresent()) {
                json.writeNumberProperty(Parameter.TIMEOUT_MS.wireName(), timeoutMs.getAsLong());
            }
            if (!signal.isEmpty()) {
                Json.property(json, Parameter.SIGNAL.wireName(), signal);
            }
            if (!interfaceName.isEmpty()) {
                Json.property(json, Parameter.INTERFACE.wireName(), interfaceName);
            }
            write(json, output);
            if (since.isPresent()) {
                json.writeNumberProperty(Parameter.SINCE.wireName(), since.getAsLong());
            }
            if (onBehalf.isPresent()) {
                write(json, onBehalf.get());
            }
            if (rolling) {
                json.writeBooleanProperty(Parameter.ROLLING.wireName(), true);
            }
            if (usage) {
                json.writeBooleanProperty(Parameter.USAGE.wireName(), true);
            }
            if (force) {
                json.writeBooleanProperty(Parameter.FORCE.wireName(), true);
            }
            if (dryRun) {
                json.writeBooleanProperty(Parameter.DRY_RUN.wireName(), true);
            }
            if (method.equals(Method.SCALE.wireName())) {
                json.writeNumberProperty(Parameter.INSTANCES.wireName(), instances);
            }
            json.writeEndObject();
            if (oneway) {
                json.writeBooleanProperty("oneway", true);
            }
            if (more) {
                json.writeBooleanProperty("more", true);
            }
            json.writeEndObject();
        }
    }

    private boolean takesOneName() {
        return method.equals(Method.STATUS.wireName())
                || method.equals(Method.EXPLAIN.wireName())
                || method.equals(Method.SCALE.wireName())
                || method.equals(Method.READ_OUTPUT.wireName());
    }

    private static void write(JsonGenerator json, OutputQuery output) {
        if (output.stream() != StandardStream.STDOUT) {
            json.writeStringProperty(Parameter.STREAM.wireName(), output.stream().wireName());
        }
        if (output.lines().isPresent()) {
            json.writeNumberProperty(Parameter.LINES.wireName(), output.lines().getAsInt());
        }
        if (!output.position().isEmpty()) {
            Json.property(json, Parameter.POSITION.wireName(), output.position());
        }
        if (output.follow()) {
            json.writeBooleanProperty(Parameter.FOLLOW.wireName(), true);
        }
    }

    private static void write(JsonGenerator json, OnBehalf sender) {
        json.writeObjectPropertyStart(Parameter.ON_BEHALF.wireName());
        Json.property(json, "user", sender.user());
        Json.property(json, "address", sender.address());
        json.writeEndObject();
    }

    /**
     * Reads a call. A parameter of the wrong type does not make it fail, see {@link #invalid}.
     *
     * @throws JacksonException if it is not JSON or exceeds a limit
     * @throws NotACall if it is JSON, but not a call
     */
    public static Call read(byte[] bytes, int from, int length) throws NotACall {
        try (JsonParser json = Json.parser(bytes, from, length)) {
            return new Reader(json).call();
        }
    }

    /** A message that is not a call; the rest of the stream is unusable. */
    public static final class NotACall extends Exception {
        private static final long serialVersionUID = 1;

        NotACall(String message) {
            super(message);
        }
    }

    private static final class Reader {
        private final JsonParser json;
        private List<String> names = List.of();
        private boolean waits = true;
        private OptionalLong timeoutMs = OptionalLong.empty();
        private String signal = "";
        private String interfaceName = "";
        private StandardStream stream = StandardStream.STDOUT;
        private OptionalInt lines = OptionalInt.empty();
        private String position = "";
        private boolean follow;
        private OptionalLong since = OptionalLong.empty();
        private Optional<OnBehalf> onBehalf = Optional.empty();
        private boolean dryRun;
        private int instances;
        private boolean rolling;
        private boolean usage;
        private boolean force;
        private int given;
        private String invalid = "";
        private String excess = "";

        Reader(JsonParser json) {
            this.json = json;
        }

        Call call() throws NotACall {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new NotACall("a message is not an object");
            }
            String method = "";
            boolean oneway = false;
            boolean more = false;
            for (String key = json.nextName(); key != null; key = json.nextName()) {
                JsonToken value = json.nextToken();
                switch (key) {
                    case "method" -> method = value == JsonToken.VALUE_STRING ? text() : "";
                    case "oneway" -> oneway = value == JsonToken.VALUE_TRUE;
                    case "more" -> more = value == JsonToken.VALUE_TRUE;
                    case "parameters" -> parameters(value);
                    default -> json.skipChildren();
                }
            }
            if (json.nextToken() != null) {
                throw new NotACall("something follows the object of a message");
            }
            if (method.isEmpty()) {
                throw new NotACall("a message names no method");
            }
            return new Call(
                    method,
                    names,
                    waits,
                    timeoutMs,
                    signal,
                    interfaceName,
                    new OutputQuery(stream, lines, position, follow),
                    since,
                    onBehalf,
                    dryRun,
                    instances,
                    rolling,
                    usage,
                    force,
                    oneway,
                    more,
                    given,
                    invalid,
                    excess);
        }

        private void parameters(JsonToken object) throws NotACall {
            if (object == JsonToken.VALUE_NULL) {
                return;
            }
            if (object != JsonToken.START_OBJECT) {
                throw new NotACall("the parameters of a call are not an object");
            }
            for (String key = json.nextName(); key != null; key = json.nextName()) {
                JsonToken value = json.nextToken();
                Parameter parameter = parameter(key);
                // A null is an absent value: the Varlink protocol, "Nullable types".
                if (parameter != null && value == JsonToken.VALUE_NULL) {
                    continue;
                }
                if (parameter != null && take(parameter, value)) {
                    given |= parameter.bit();
                } else {
                    invalid = invalid.isEmpty() ? key : invalid;
                    json.skipChildren();
                }
            }
        }

        private static @Nullable Parameter parameter(String key) {
            return switch (key) {
                case "names" -> Parameter.NAMES;
                case "name" -> Parameter.NAME;
                case "wait" -> Parameter.WAIT;
                case "timeout_ms" -> Parameter.TIMEOUT_MS;
                case "signal" -> Parameter.SIGNAL;
                case "interface" -> Parameter.INTERFACE;
                case "stream" -> Parameter.STREAM;
                case "lines" -> Parameter.LINES;
                case "position" -> Parameter.POSITION;
                case "follow" -> Parameter.FOLLOW;
                case "since" -> Parameter.SINCE;
                case "on_behalf" -> Parameter.ON_BEHALF;
                case "dry_run" -> Parameter.DRY_RUN;
                case "instances" -> Parameter.INSTANCES;
                case "rolling" -> Parameter.ROLLING;
                case "usage" -> Parameter.USAGE;
                case "force" -> Parameter.FORCE;
                default -> null;
            };
        }

        private boolean take(Parameter parameter, JsonToken value) {
            return switch (parameter) {
                case NAMES -> value == JsonToken.START_ARRAY && takeNames();
                case NAME -> {
                    boolean good = value == JsonToken.VALUE_STRING;
                    names = good ? List.of(text()) : names;
                    yield good;
                }
                case WAIT -> {
                    waits = value != JsonToken.VALUE_FALSE;
                    yield value == JsonToken.VALUE_TRUE || value == JsonToken.VALUE_FALSE;
                }
                case TIMEOUT_MS -> {
                    timeoutMs = wholeNumber(value);
                    yield timeoutMs.isPresent();
                }
                case SIGNAL -> {
                    signal = value == JsonToken.VALUE_STRING ? text() : "";
                    yield value == JsonToken.VALUE_STRING;
                }
                case INTERFACE -> {
                    interfaceName = value == JsonToken.VALUE_STRING ? text() : "";
                    yield value == JsonToken.VALUE_STRING;
                }
                case STREAM -> value == JsonToken.VALUE_STRING && takeStream();
                case LINES -> {
                    lines = count(value);
                    yield lines.isPresent();
                }
                case POSITION -> {
                    position = value == JsonToken.VALUE_STRING ? text() : "";
                    yield !position.isEmpty() && position.length() <= LONGEST_POSITION;
                }
                case FOLLOW -> {
                    follow = value == JsonToken.VALUE_TRUE;
                    yield value == JsonToken.VALUE_TRUE || value == JsonToken.VALUE_FALSE;
                }
                case SINCE -> {
                    since = wholeNumber(value);
                    yield since.isPresent();
                }
                case ON_BEHALF -> value == JsonToken.START_OBJECT && takeOnBehalf();
                case DRY_RUN -> {
                    dryRun = value == JsonToken.VALUE_TRUE;
                    yield value == JsonToken.VALUE_TRUE || value == JsonToken.VALUE_FALSE;
                }
                case ROLLING -> {
                    rolling = value == JsonToken.VALUE_TRUE;
                    yield value == JsonToken.VALUE_TRUE || value == JsonToken.VALUE_FALSE;
                }
                case USAGE -> {
                    usage = value == JsonToken.VALUE_TRUE;
                    yield value == JsonToken.VALUE_TRUE || value == JsonToken.VALUE_FALSE;
                }
                case FORCE -> {
                    force = value == JsonToken.VALUE_TRUE;
                    yield value == JsonToken.VALUE_TRUE || value == JsonToken.VALUE_FALSE;
                }
                case INSTANCES -> {
                    OptionalInt read = count(value);
                    instances = read.orElse(0);
                    yield read.isPresent();
                }
            };
        }

        private boolean takeNames() {
            Set<String> read = new LinkedHashSet<>();
            boolean good = true;
            for (JsonToken item = json.nextToken();
                    item != JsonToken.END_ARRAY;
                    item = json.nextToken()) {
                if (item == JsonToken.VALUE_STRING && read.size() < MOST_NAMES) {
                    read.add(text());
                } else if (item == JsonToken.VALUE_STRING) {
                    isMoreThanEnough(read);
                } else {
                    good = false;
                    json.skipChildren();
                }
            }
            names = good ? List.copyOf(read) : names;
            return good;
        }

        private void isMoreThanEnough(Set<String> read) {
            if (!read.contains(text())) {
                excess =
                        "a call gives at most %d names; use a glob, 'all' or several calls"
                                .formatted(MOST_NAMES);
            }
        }

        /** Empty if it is no whole number, or negative. */
        private OptionalLong wholeNumber(JsonToken value) {
            if (value != JsonToken.VALUE_NUMBER_INT) {
                return OptionalLong.empty();
            }
            boolean fits =
                    switch (json.getNumberType()) {
                        case INT, LONG -> json.getLongValue() >= 0;
                        case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> false;
                    };
            return fits ? OptionalLong.of(json.getLongValue()) : OptionalLong.empty();
        }

        /** Unknown content is invalid, since it may be meant to restrict rights. */
        private boolean takeOnBehalf() {
            String user = "";
            String address = "";
            boolean good = true;
            for (String key = json.nextName(); key != null; key = json.nextName()) {
                JsonToken value = json.nextToken();
                boolean isText =
                        value == JsonToken.VALUE_STRING && text().length() <= OnBehalf.LONGEST;
                if (isText && key.equals("user")) {
                    user = text();
                } else if (isText && key.equals("address")) {
                    address = text();
                } else if (value != JsonToken.VALUE_NULL) {
                    good = false;
                    json.skipChildren();
                }
            }
            onBehalf = good ? Optional.of(new OnBehalf(user, address)) : Optional.empty();
            return good;
        }

        private boolean takeStream() {
            Optional<StandardStream> named = StandardStream.named(text());
            stream = named.orElse(stream);
            return named.isPresent();
        }

        /** A whole number that is not negative; empty for anything else. */
        private OptionalInt count(JsonToken value) {
            boolean fits =
                    value == JsonToken.VALUE_NUMBER_INT
                            && switch (json.getNumberType()) {
                                case INT -> json.getIntValue() >= 0;
                                case LONG, BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> false;
                            };
            return fits ? OptionalInt.of(json.getIntValue()) : OptionalInt.empty();
        }

        /** Too long a text is cut, and recorded as excess. */
        private String text() {
            if (json.getStringLength() <= LONGEST_TEXT) {
                return json.getString();
            }
            excess =
                    "a name or another text of a call is at most %d characters long"
                            .formatted(LONGEST_TEXT);
            return new String(json.getStringCharacters(), json.getStringOffset(), LONGEST_TEXT);
        }
    }
}
