package org.procmon.posix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AccountsTest {
    @Test
    void rootIsInItsOwnGroupAndNobodyIsNot() {
        assertThat(Accounts.groupId("root")).hasValue(0);
        assertThat(Accounts.isMember("root", "root")).isTrue();
        assertThat(Accounts.isMember("nobody", "root")).isFalse();
    }

    @Test
    void aUserIsFoundByNameAndByNumber() {
        Accounts.Found root = Accounts.user("root");

        Account account = ((Accounts.Found.There) root).account();
        assertThat(account.name()).isEqualTo("root");
        assertThat(account.uid()).isZero();
        assertThat(account.gid()).isZero();
        assertThat(account.home()).startsWith("/");
        assertThat(account.shell()).startsWith("/");
        assertThat(Accounts.user(0)).isEqualTo(root);
        assertThat(Accounts.user("no-such-user")).isEqualTo(new Accounts.Found.Nobody());
        assertThat(Accounts.user(-2)).isEqualTo(new Accounts.Found.Nobody());
    }

    @Test
    void theGroupsOfAUserBeginWithTheGivenOne() {
        assertThat(Accounts.groups("nobody", 12345)).first().isEqualTo(12345);
        assertThat(Accounts.groups("nobody", 12345)).doesNotContain(0);
    }

    @Test
    void whoDoesNotExistIsInNoGroup() {
        assertThat(Accounts.groupId("no-such-group")).isEmpty();
        assertThat(Accounts.isMember("no-such-user", "root")).isFalse();
        assertThat(Accounts.isMember("root", "no-such-group")).isFalse();
    }
}
