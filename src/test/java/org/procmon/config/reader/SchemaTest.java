package org.procmon.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.config.ControlSpec;
import org.procmon.config.MonitorSpec;
import org.procmon.config.SpecResult;

/** The schema that editors use says what the reader does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SchemaTest {
    private static final Path FOLDER = Path.of("/");

    private Schema schema;

    @BeforeAll
    void load() throws IOException {
        schema = Schema.load();
    }

    static List<Path> goodFiles() throws IOException {
        return Fixtures.files(Fixtures.GOOD);
    }

    @ParameterizedTest
    @MethodSource("goodFiles")
    void aGoodFileFitsTheSchema(Path file) throws IOException {
        assertThat(schema.accepts(Schema.tree(file))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "empty-object",
                "no-processes",
                "top-array",
                "processes-object",
                "processes-not-objects",
                "wrong-kinds",
                "unknown-keys",
                "ids",
                "durations",
                "depends",
                "policies",
                "places",
                "output",
                "streams",
                "identity",
                "hooks",
                "checks",
                "triggers",
                "schedules",
                "control-mode",
                "pools",
                "pool-addresses",
                "pool-workers",
                "pool-shares",
                "http-front"
            })
    void schemaAndReaderRefuseTheSameFiles(String name) throws IOException {
        assertThat(schema.accepts(Schema.tree(Fixtures.BAD.resolve(name + ".json")))).isFalse();
    }

    @Test
    void theSchemaHasTheKeysOfTheReader() {
        JsonValue.Members process = schema.definition("process");
        assertKeys(schema.root(), Keys.TOP);
        assertKeys(Schema.property(schema.root(), "control"), Keys.CONTROL);
        assertKeys(process, Keys.PROCESS);
        assertKeys(Schema.property(process, "backoff"), Keys.BACKOFF);
        assertKeys(Schema.property(process, "give_up"), Keys.GIVE_UP);
        assertKeys(Schema.property(schema.root(), "start_budget"), Keys.START_BUDGET);
        assertKeys(Schema.property(process, "stop"), Keys.STOP);
        assertKeys(Schema.property(process, "hooks"), Keys.HOOKS);
        List<JsonValue> hook =
                ((JsonValue.Items) Schema.value(schema.definition("hook"), "anyOf")).values();
        assertKeys(Schema.members(hook.get(1)), Keys.HOOK);
        assertKeys(Schema.property(process, "ready"), Keys.READY);
        assertKeys(Schema.property(process, "health"), Keys.HEALTH);
        assertKeys(Schema.property(schema.root(), "output"), Keys.OUTPUT);
        assertKeys(schema.definition("captured"), Keys.OUTPUT_STREAM);
        List<JsonValue> file =
                ((JsonValue.Items) Schema.value(schema.definition("env_file"), "anyOf")).values();
        assertKeys(Schema.members(file.get(1)), Keys.ENV_FILE);
        assertKeys(Schema.property(process, "schedule"), Keys.SCHEDULE);
        List<JsonValue> watch =
                ((JsonValue.Items) Schema.value(Schema.property(process, "watch"), "anyOf"))
                        .values();
        assertKeys(Schema.members(watch.getLast()), Keys.WATCH);
        assertKeys(Schema.property(process, "limits"), LimitsReader.KEYS);
        JsonValue.Members pool = schema.definition("pool");
        assertKeys(pool, WorkerKeys.ALL);
        List<JsonValue> workers =
                ((JsonValue.Items) Schema.value(Schema.property(pool, "workers"), "anyOf"))
                        .values();
        assertKeys(Schema.members(workers.getLast()), Keys.WORKERS);
        assertKeys(Schema.property(pool, "queue"), Keys.QUEUE);
        assertKeys(Schema.property(pool, "request"), Keys.REQUEST);
        assertKeys(Schema.property(pool, "recycle"), Keys.RECYCLE);
        assertKeys(schema.definition("http"), Keys.HTTP);
        assertKeys(schema.definition("http_limits"), Keys.HTTP_LIMITS);
        assertKeys(schema.definition("http_tls"), Keys.HTTP_TLS);
        assertKeys(schema.definition("http_auth"), Keys.HTTP_AUTH);
        assertKeys(schema.definition("route"), Keys.ROUTE);
        assertKeys(schema.definition("static"), Keys.STATIC);
        List<JsonValue> dependency =
                ((JsonValue.Items) Schema.value(schema.definition("dependency"), "anyOf")).values();
        assertKeys(Schema.members(dependency.get(1)), Keys.DEPENDENCY);
        JsonValue when = Schema.property(Schema.members(dependency.get(1)), "when");
        assertThat(((JsonValue.Items) Schema.value(Schema.members(when), "enum")).values())
                .extracting(n -> ((JsonValue.Text) n).value())
                .containsExactlyElementsOf(Keys.CONDITIONS.known());
    }

    private static void assertKeys(JsonValue.Members object, Keys keys) {
        assertThat(Schema.members(Schema.value(object, "properties")).members().keySet())
                .containsExactlyElementsOf(keys.known());
        assertThat(keys.later()).noneMatch(keys.known()::contains);
    }

    @Test
    void everyDefaultOfTheSchemaIsThatOfTheReader() {
        JsonValue.Members process = schema.definition("process");
        assertDefaults(process, "", "");
        assertDefaults(Schema.property(process, "backoff"), "\"backoff\":{", "}");
        assertDefaults(Schema.property(process, "stop"), "\"stop\":{", "}");
        String https = "\"http\":\"https://localhost\"";
        for (String key : List.of("ready", "health")) {
            String before = "\"" + key + "\":{" + https;
            assertDefaults(Schema.property(process, key), before + ",", "}", before + "}");
        }
        assertDefaults(schema.definition("captured"), "\"stdout\":{", "}");
        JsonValue orphans = Schema.value(Schema.property(schema.root(), "orphans"), "default");
        assertThat(read("{\"orphans\":" + json(orphans) + "," + tail("")))
                .isEqualTo(read("{" + tail("")));
        JsonValue.Members control = Schema.property(schema.root(), "control");
        for (String key : List.of("operators", "viewers", "socket_mode")) {
            JsonValue value = Schema.value(Schema.property(control, key), "default");
            String text = "{\"control\":{\"" + key + "\":" + json(value) + "}," + tail("");
            assertThat(read(text).control()).isEqualTo(ControlSpec.DEFAULT);
        }
    }

    @Test
    void everyDefaultOfTheFrontIsThatOfTheReader() {
        MonitorSpec plain = read(front("", ""));
        JsonValue.Members limits = schema.definition("http_limits");
        assertFront(
                limits, plain, 6, (key, value) -> front(",\"limits\":{" + key + value + "}", ""));
        assertFront(
                schema.definition("http"), plain, 0, (key, value) -> front("," + key + value, ""));
        assertFront(
                schema.definition("static"),
                plain,
                2,
                (key, value) -> front("", "," + key + value));
    }

    private static void assertFront(
            JsonValue.Members object, MonitorSpec plain, int fewest, BinaryOperator<String> file) {
        int checked = 0;
        for (String key : properties(object).keySet()) {
            JsonValue.Members property = Schema.property(object, key);
            if (property.members().containsKey("default")) {
                String value = json(Schema.value(property, "default"));
                assertThat(read(file.apply("\"" + key + "\":", value))).as(key).isEqualTo(plain);
                checked++;
            }
        }
        assertThat(checked).isGreaterThan(fewest);
    }

    private static String front(String keys, String files) {
        return "{\"http\":{\"listen\":\"127.0.0.1:80\",\"routes\":[{\"static\":{\"directory\":\"/a\""
                + files
                + "}}]"
                + keys
                + "}}";
    }

    @Test
    void everyDefaultOfAPoolIsThatOfTheReader() {
        JsonValue.Members pool = schema.definition("pool");
        MonitorSpec plain = read(pool(""));
        assertThat(assertPool(pool, "", "", plain)).isGreaterThan(5);
        for (String key : List.of("queue", "recycle")) {
            JsonValue.Members object = Schema.property(pool, key);
            assertThat(assertPool(object, "\"" + key + "\":{", "}", plain)).isPositive();
        }
    }

    private static int assertPool(
            JsonValue.Members object, String before, String after, MonitorSpec plain) {
        int checked = 0;
        for (String key : properties(object).keySet()) {
            JsonValue.Members property = Schema.property(object, key);
            if (property.members().containsKey("default")) {
                String value = json(Schema.value(property, "default"));
                String keys = "," + before + "\"" + key + "\":" + value + after;
                assertThat(read(pool(keys))).as(key).isEqualTo(plain);
                checked++;
            }
        }
        return checked;
    }

    private static String pool(String keys) {
        return "{\"pools\":[{\"id\":\"a\",\"exec\":\"b\",\"listen\":\"/a\"" + keys + "}]}";
    }

    private static void assertDefaults(JsonValue.Members object, String before, String after) {
        assertDefaults(object, before, after, "");
    }

    private static void assertDefaults(
            JsonValue.Members object, String before, String after, String without) {
        MonitorSpec plain = read("{" + tail(without.isEmpty() ? "" : "," + without));
        int checked = 0;
        for (String key : properties(object).keySet()) {
            JsonValue.Members property = Schema.property(object, key);
            if (property.members().containsKey("default")) {
                String value = json(Schema.value(property, "default"));
                String keys = "," + before + "\"" + key + "\":" + value + after;
                assertThat(read("{" + tail(keys))).as(key).isEqualTo(plain);
                checked++;
            }
        }
        assertThat(checked).isPositive();
    }

    private static Map<String, JsonValue.Member> properties(JsonValue.Members object) {
        return Schema.members(Schema.value(object, "properties")).members();
    }

    private static String tail(String keys) {
        return "\"processes\":[{\"id\":\"a\",\"exec\":\"b\"" + keys + "}]}";
    }

    private static MonitorSpec read(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        SpecResult result = SpecReader.read("f", bytes, FOLDER, Map.of());
        assertThat(result).as(text).isInstanceOf(SpecResult.Valid.class);
        return ((SpecResult.Valid) result).spec();
    }

    private static String json(JsonValue jsonValue) {
        return switch (jsonValue) {
            case JsonValue.Text text -> "\"" + text.value() + "\"";
            case JsonValue.Numeral numeral -> numeral.text();
            case JsonValue.Flag flag -> String.valueOf(flag.value());
            case JsonValue.Nothing nothing -> nothing.kind();
            case JsonValue.Items items ->
                    "["
                            + String.join(
                                    ",", items.values().stream().map(SchemaTest::json).toList())
                            + "]";
            case JsonValue.Members object -> {
                assertThat(object.members()).isEmpty();
                yield "{}";
            }
        };
    }
}
