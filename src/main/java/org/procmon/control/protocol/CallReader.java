package org.procmon.control.protocol;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.procmon.control.protocol.Method.Parameter;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads one call in one pass. One thread. */
final class CallReader {
    /** Far longer than any real position. */
    private static final int LONGEST_POSITION = 256;

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

    CallReader(JsonParser json) {
        this.json = json;
    }

    Call call() throws Call.NotACall {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw new Call.NotACall("a message is not an object");
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
            throw new Call.NotACall("something follows the object of a message");
        }
        if (method.isEmpty()) {
            throw new Call.NotACall("a message names no method");
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

    private void parameters(JsonToken object) throws Call.NotACall {
        if (object == JsonToken.VALUE_NULL) {
            return;
        }
        if (object != JsonToken.START_OBJECT) {
            throw new Call.NotACall("the parameters of a call are not an object");
        }
        for (String key = json.nextName(); key != null; key = json.nextName()) {
            JsonToken value = json.nextToken();
            @Nullable Parameter parameter = Parameter.named(key);
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
                yield isFlag(value);
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
                yield isFlag(value);
            }
            case SINCE -> {
                since = wholeNumber(value);
                yield since.isPresent();
            }
            case ON_BEHALF -> value == JsonToken.START_OBJECT && takeOnBehalf();
            case DRY_RUN -> {
                dryRun = value == JsonToken.VALUE_TRUE;
                yield isFlag(value);
            }
            case ROLLING -> {
                rolling = value == JsonToken.VALUE_TRUE;
                yield isFlag(value);
            }
            case USAGE -> {
                usage = value == JsonToken.VALUE_TRUE;
                yield isFlag(value);
            }
            case FORCE -> {
                force = value == JsonToken.VALUE_TRUE;
                yield isFlag(value);
            }
            case INSTANCES -> {
                OptionalInt read = count(value);
                instances = read.orElse(0);
                yield read.isPresent();
            }
        };
    }

    private static boolean isFlag(JsonToken value) {
        return value == JsonToken.VALUE_TRUE || value == JsonToken.VALUE_FALSE;
    }

    private boolean takeNames() {
        Set<String> read = new LinkedHashSet<>();
        boolean good = true;
        for (JsonToken item = json.nextToken();
                item != JsonToken.END_ARRAY;
                item = json.nextToken()) {
            if (item == JsonToken.VALUE_STRING && read.size() < Call.MOST_NAMES) {
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
                            .formatted(Call.MOST_NAMES);
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
            boolean isText = value == JsonToken.VALUE_STRING && text().length() <= OnBehalf.LONGEST;
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
        if (json.getStringLength() <= Call.LONGEST_TEXT) {
            return json.getString();
        }
        excess =
                "a name or another text of a call is at most %d characters long"
                        .formatted(Call.LONGEST_TEXT);
        return new String(json.getStringCharacters(), json.getStringOffset(), Call.LONGEST_TEXT);
    }
}
