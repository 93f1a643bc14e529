package org.procmon.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstanceTest {
    @ParameterizedTest
    @CsvSource({"web.1,web,1", "a.b.17,a.b,17", "x.9999,x,9999", "1.2,1,2"})
    void aNameWithANumberIsAnInstance(String name, String group, int number) {
        assertThat(Instance.named(name)).contains(new Instance(group, number));
        assertThat(new Instance(group, number).id()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "web",
                "",
                ".",
                "web.",
                ".1",
                "web.0",
                "web.01",
                "web.x",
                "web.1x",
                "web.-1",
                "web.+1",
                "web.10000",
                "web.٣",
                "17"
            })
    void anyOtherNameIsNone(String name) {
        assertThat(Instance.named(name)).isEmpty();
    }

    @Test
    void theNameOfAWorkerIsThatOfItsInstance() {
        ProcessSpec worker = PoolBuilder.pool("php").build().worker(3);
        assertThat(Instance.named(worker.id())).isEqualTo(worker.instance());
    }
}
