package org.procmon.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteTextTest {
    @Test
    void aByteThatIsNotUtf8IsHalfOfASurrogatePair() {
        byte[] bytes = {'a', (byte) 0xff, (byte) 0xc3, (byte) 0xa4, (byte) 0xc3};

        assertThat(ByteText.decode(bytes)).isEqualTo("a\udcff\u00e4\udcc3");
        assertThat(ByteText.hasStray(ByteText.decode(bytes))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "spa\u00df", "\ud83d\udc80 beyond the BMP", "\ufffd"})
    void utf8IsTextAsUsual(String text) {
        assertThat(ByteText.decode(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(text);
        assertThat(ByteText.encode(text)).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
        assertThat(ByteText.hasStray(text)).isFalse();
    }

    @Test
    void anyBytesComeBackUnchanged() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            assertThat(ByteText.encode(ByteText.decode(bytes)))
                    .as("seed %s", seed)
                    .isEqualTo(bytes);
        }
    }
}
