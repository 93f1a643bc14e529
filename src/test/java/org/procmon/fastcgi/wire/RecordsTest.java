package org.procmon.fastcgi.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.procmon.fastcgi.Bytes;

class RecordsTest {
    private static Arguments row(String name, String hex, Consumer<ByteBuffer> writer) {
        return arguments(name, hex, writer);
    }

    static Stream<Arguments> records() {
        return Stream.of(
                row(
                        "BEGIN_REQUEST responder",
                        "01 01 0001 0008 00 00  0001 00 0000000000",
                        b -> Records.beginRequest(b, 1, 1, 0)),
                row(
                        "BEGIN_REQUEST filter, keep",
                        "01 01 FFFF 0008 00 00  0003 01 0000000000",
                        b -> Records.beginRequest(b, 65_535, 3, 1)),
                row(
                        "END_REQUEST complete",
                        "01 03 0001 0008 00 00  00000000 00 000000",
                        b -> Records.endRequest(b, 1, 0, Records.REQUEST_COMPLETE)),
                row(
                        "END_REQUEST status 938",
                        "01 03 0001 0008 00 00  000003AA 00 000000",
                        b -> Records.endRequest(b, 1, 938, Records.REQUEST_COMPLETE)),
                row(
                        "END_REQUEST status -1",
                        "01 03 8001 0008 00 00  FFFFFFFF 00 000000",
                        b -> Records.endRequest(b, 0x8001, -1, Records.REQUEST_COMPLETE)),
                row(
                        "END_REQUEST cannot multiplex",
                        "01 03 0002 0008 00 00  00000000 01 000000",
                        b -> Records.endRequest(b, 2, 0, Records.CANT_MPX_CONN)),
                row(
                        "END_REQUEST overloaded",
                        "01 03 0002 0008 00 00  00000000 02 000000",
                        b -> Records.endRequest(b, 2, 0, Records.OVERLOADED)),
                row(
                        "END_REQUEST unknown role",
                        "01 03 0002 0008 00 00  00000000 03 000000",
                        b -> Records.endRequest(b, 2, 0, Records.UNKNOWN_ROLE)),
                row(
                        "UNKNOWN_TYPE",
                        "01 0B 0000 0008 00 00  FE 00000000000000",
                        b -> Records.unknownType(b, 254)),
                row(
                        "empty PARAMS",
                        "01 04 0001 0000 00 00",
                        b -> Records.header(b, Records.PARAMS, 1, 0, 0)),
                row(
                        "padded STDIN header",
                        "01 05 0102 FFFF FF 00",
                        b -> Records.header(b, Records.STDIN, 0x102, 65_535, 255)),
                row(
                        "STDOUT header in place",
                        "01 06 0001 8000 00 00",
                        b -> {
                            b.putLong(0);
                            Records.headerAt(b, 0, Records.STDOUT, 1, 32_768);
                        }),
                row(
                        "GET_VALUES_RESULT header",
                        "01 0A 0000 0011 07 00",
                        b -> Records.header(b, Records.GET_VALUES_RESULT, 0, 17, 7)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("records")
    void eachRecordIsWrittenAsTheSpecificationSays(
            String name, String hex, Consumer<ByteBuffer> writer) {
        ByteBuffer out = ByteBuffer.allocate(64);
        writer.accept(out);
        assertArrayEquals(Bytes.hex(hex), Arrays.copyOf(out.array(), out.position()), name);
    }

    @Test
    void contentLongerThanARecordIsNeverTruncatedSilently() {
        assertThatThrownBy(() -> Records.header(ByteBuffer.allocate(8), 6, 1, 65_536, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Feeds pieces of a size; every record's type, id and content as text. */
    private static List<String> parse(byte[] stream, int pieceBytes) throws FastCgiException {
        RecordParser parser = new RecordParser();
        List<String> seen = new ArrayList<>();
        StringBuilder content = new StringBuilder();
        byte[] some = new byte[70_000];
        boolean inRecord = false;
        for (int at = 0; at < stream.length; at += pieceBytes) {
            ByteBuffer in = ByteBuffer.wrap(stream, at, Math.min(pieceBytes, stream.length - at));
            while (true) {
                if (inRecord) {
                    int count = parser.take(in, some, 0, some.length);
                    content.append(
                            new String(
                                    some, 0, count, java.nio.charset.StandardCharsets.ISO_8859_1));
                    if (parser.contentLeft() > 0) {
                        break;
                    }
                    seen.add(parser.type() + "/" + parser.requestId() + "/" + content);
                    content.setLength(0);
                    inRecord = false;
                }
                if (!parser.nextHeader(in)) {
                    assertThat(in.hasRemaining()).isFalse();
                    break;
                }
                inRecord = true;
            }
        }
        assertThat(parser.midRecord()).isFalse();
        return seen;
    }

    @Test
    void everyRecordIsReadWhereverTheStreamIsCut() throws FastCgiException {
        byte[] stream =
                Bytes.join(
                        Bytes.begin(1, 1, 0),
                        Bytes.record(4, 1, Bytes.text("abc"), 5),
                        Bytes.record(4, 1),
                        Bytes.record(5, 0xFFFE, Bytes.text("body of fifteen"), 255),
                        Bytes.record(11, 0, Bytes.text("x"), 0));
        List<String> whole = parse(stream, stream.length);
        assertThat(whole)
                .containsExactly(
                        "1/1/\0\1\0\0\0\0\0\0",
                        "4/1/abc",
                        "4/1/",
                        "5/65534/body of fifteen",
                        "11/0/x");
        for (int piece = 1; piece < stream.length; piece++) {
            assertThat(parse(stream, piece)).as("pieces of %s", piece).isEqualTo(whole);
        }
    }

    @Test
    void paddingOfAnyLengthIsSkipped() throws FastCgiException {
        for (int padding = 0; padding <= 255; padding++) {
            byte[] stream =
                    Bytes.join(
                            Bytes.record(5, 7, Bytes.text("one"), padding),
                            Bytes.record(5, 7, Bytes.text("two"), padding));
            for (int piece : new int[] {1, 7, 4096}) {
                assertThat(parse(stream, piece)).containsExactly("5/7/one", "5/7/two");
            }
        }
    }

    @Test
    void theLongestRecordIsRead() throws FastCgiException {
        byte[] stream = Bytes.record(5, 1, new byte[65_535], 255);
        assertThat(parse(stream, 1000)).singleElement().asString().hasSize(4 + 65_535);
    }

    @Test
    void skipsUnreadContent() throws FastCgiException {
        RecordParser parser = new RecordParser();
        ByteBuffer in =
                ByteBuffer.wrap(
                        Bytes.join(Bytes.record(8, 1, Bytes.text("data"), 3), Bytes.abort(9)));
        assertThat(parser.nextHeader(in)).isTrue();
        assertThat(parser.nextHeader(in)).isTrue();
        assertThat(parser.type()).isEqualTo(Records.ABORT_REQUEST);
        assertThat(parser.requestId()).isEqualTo(9);
    }

    @Test
    void anotherVersionIsRefused() {
        assertThatThrownBy(() ->
                        new RecordParser()
                                .nextHeader(ByteBuffer.wrap(Bytes.hex("02 01 0001 0008 00 00"))))
                .isInstanceOf(FastCgiException.class)
                .hasMessage("a record has version 2, not 1");
    }
}
