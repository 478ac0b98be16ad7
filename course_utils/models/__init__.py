"""Networks of the course."""

from course_utils.models.autoencoders import VAE, Autoencoder, FullCovarianceVAE, HeteroscedasticVAE
from course_utils.models.codes import find_code, latent_direction
from course_utils.models.fields import ODEBlock, VectorField
from course_utils.models.gans import ConditionalGenerator, Critic, Generator
from course_utils.models.layers import Oscillation, mlp

__all__ = [
    "VAE",
    "Autoencoder",
    "ConditionalGenerator",
    "Critic",
    "FullCovarianceVAE",
    "Generator",
    "HeteroscedasticVAE",
    "ODEBlock",
    "Oscillation",
    "VectorField",
    "find_code",
    "latent_direction",
    "mlp",
]
