package io.reactivep2p.pubsub.gossipsub.mesh;

import static io.reactivep2p.pubsub.gossipsub.TestPeers.peer;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MeshTableTest {

    private final MeshTable mesh = new MeshTable();

    @Test
    void nobodyEntersAMeshThatIsNotOpen() {
        assertThat(mesh.add("news", peer(1))).isFalse();
        assertThat(mesh.isOpen("news")).isFalse();
        assertThat(mesh.topics()).isEmpty();
        assertThat(mesh.peers("news")).isEmpty();
    }

    @Test
    void openingAgainKeepsThePeers() {
        mesh.open("news");
        assertThat(mesh.add("news", peer(1))).isTrue();
        assertThat(mesh.add("news", peer(1))).isFalse();
        mesh.open("news");

        assertThat(mesh.peers("news")).containsExactly(peer(1));
        assertThat(mesh.close("news")).containsExactly(peer(1));
        assertThat(mesh.isOpen("news")).isFalse();
    }

    @Test
    void aPeerIsInTheMeshesItWasAddedTo() {
        mesh.open("news");
        mesh.open("weather");
        mesh.open("sports");
        mesh.add("news", peer(1));
        mesh.add("sports", peer(1));
        mesh.add("weather", peer(2));

        assertThat(mesh.topicsOf(peer(1))).containsExactly("news", "sports");
        assertThat(mesh.remove("news", peer(1))).isTrue();
        assertThat(mesh.remove("news", peer(1))).isFalse();
        assertThat(mesh.contains("news", peer(1))).isFalse();
        assertThat(mesh.contains("sports", peer(1))).isTrue();
    }
}
