package org.procmon.fastcgi.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.fastcgi.Bytes;

class NameValuesTest {
    private static Map<String, String> read(byte[]... records) throws IOException {
        NameValues pairs = new NameValues(1 << 20, 100);
        RecordParser parser = new RecordParser();
        for (byte[] content : records) {
            ByteBuffer in = ByteBuffer.wrap(Bytes.record(4, 1, content));
            assertThat(parser.nextHeader(in)).isTrue();
            pairs.gather(parser, in);
        }
        return pairs.read();
    }

    static Stream<Arguments> pairs() {
        String n127 = "n".repeat(127);
        String n128 = "n".repeat(128);
        String hex127 = "6E".repeat(127);
        String hex128 = "6E".repeat(128);
        return Stream.of(
                arguments("0B02 5345525645525F504F5254 3830", "SERVER_PORT", "80"),
                arguments("0000", "", ""),
                arguments("0100 61", "a", ""),
                arguments("0001 62", "", "b"),
                arguments("7F7F" + hex127 + hex127, n127, n127),
                arguments("8000008001" + hex128 + "76", n128, "v"),
                arguments("0180000080" + "76" + hex128, "v", n128),
                arguments("8000008080000080" + hex128 + hex128, n128, n128),
                arguments("01800186A0 61" + "6E".repeat(100_000), "a", "n".repeat(100_000)),
                arguments("0102 61 FF80", "a", "\u00FF\u0080"));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void eachLengthHasItsForm(String hex, String name, String value) throws IOException {
        byte[] wire = Bytes.hex(hex);
        ByteBuffer out = ByteBuffer.allocate(200_000);
        NameValues.write(out, name, value);
        assertArrayEquals(wire, Arrays.copyOf(out.array(), out.position()));
        byte[][] pieces = new byte[(wire.length + 65_534) / 65_535][];
        for (int i = 0; i < pieces.length; i++) {
            pieces[i] =
                    Arrays.copyOfRange(wire, i * 65_535, Math.min(wire.length, (i + 1) * 65_535));
        }
        assertThat(read(pieces)).containsExactly(Map.entry(name, value));
    }

    @Test
    void aLengthNeedNotHaveItsShortestForm() throws IOException {
        assertThat(read(Bytes.hex("80000001 80000001 61 62"))).containsExactly(Map.entry("a", "b"));
    }

    @Test
    void pairsMayBeSplitAnywhere() throws IOException {
        Map<String, String> params = new LinkedHashMap<>();
        params.put("Z", "last letter first");
        params.put("LONG", "x".repeat(300));
        params.put("n".repeat(130), "y");
        params.put("EMPTY", "");
        byte[] stream = Bytes.pairs(params);
        for (int cut = 1; cut < stream.length; cut++) {
            byte[] left = Arrays.copyOf(stream, cut);
            byte[] right = Arrays.copyOfRange(stream, cut, stream.length);
            assertThat(read(left, right)).as("cut at %s", cut).containsExactlyEntriesOf(params);
        }
        byte[][] single = new byte[stream.length][];
        for (int i = 0; i < stream.length; i++) {
            single[i] = new byte[] {stream[i]};
        }
        assertThat(read(single)).containsExactlyEntriesOf(params);
    }

    @Test
    void theLastOfTwoPairsOfOneNameWins() throws IOException {
        assertThat(read(Bytes.hex("0101 61 31 0101 62 32 0101 61 33")))
                .containsExactly(Map.entry("a", "3"), Map.entry("b", "2"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "01",
                "0180",
                "01800000",
                "80",
                "800000",
                "0102 61 62",
                "02 00 61",
                "01 FFFFFFFF 61",
                "FFFFFFFF FFFFFFFF 61"
            })
    void lengthsThatLieAreRefused(String hex) {
        assertThatThrownBy(() -> read(Bytes.hex(hex))).isInstanceOf(BadVariables.class);
    }

    @Test
    void tooManyBytesOrPairsAreRefused() throws IOException {
        assertThat(read(Bytes.hex("0000".repeat(100)))).hasSize(1);
        assertThatThrownBy(() -> read(Bytes.hex("0000".repeat(101))))
                .isInstanceOf(BadVariables.class)
                .hasMessage("there are more than 100 name-value pairs");
        byte[] record = new byte[65_000];
        byte[][] many = new byte[17][];
        Arrays.fill(many, record);
        assertThatThrownBy(() -> read(many))
                .isInstanceOf(BadVariables.class)
                .hasMessage("the name-value pairs exceed 1048576 bytes");
    }
}
